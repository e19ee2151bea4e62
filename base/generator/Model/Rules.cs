using Microsoft.CodeAnalysis;

namespace Skerry.Base.Generator.Model;

/// <summary>What an RPC interface must keep to. docs/writing-a-component.md lists them for people.</summary>
public static class Rules
{
    public static readonly DiagnosticDescriptor UnsupportedType = Rule(
        "SKRPC001",
        "Unsupported parameter type",
        "'{0}' of {1} has type {2}, which does not travel: use integers, bool, enums, unmanaged structures without "
            + "pointers, capabilities, or spans of bytes"
    );

    public static readonly DiagnosticDescriptor MissingBound = Rule(
        "SKRPC002",
        "Span without a bound",
        "'{0}' of {1} needs [MaximumLength(bytes)] with 1 to {2} bytes"
    );

    public static readonly DiagnosticDescriptor BadResult = Rule(
        "SKRPC003",
        "Unsupported result",
        "{0} must return an enum that has a member CallFailed"
    );

    public static readonly DiagnosticDescriptor TooLong = Rule(
        "SKRPC004",
        "Message too long",
        "The {1} of {0} can take {2} words; a message holds {3}"
    );

    public static readonly DiagnosticDescriptor TooManyCapabilities = Rule(
        "SKRPC005",
        "Too many capabilities",
        "The {1} of {0} transfers {2} capabilities; a message holds {3}"
    );

    public static readonly DiagnosticDescriptor UnsupportedMember = Rule(
        "SKRPC006",
        "Unsupported member",
        "'{0}' can't be called from afar: an RPC interface holds non-generic instance methods and constants"
    );

    public static readonly DiagnosticDescriptor BadNumber = Rule(
        "SKRPC007",
        "Unusable method number",
        "The number {1} of {0} is taken or outside 1 to {2}"
    );

    public static readonly DiagnosticDescriptor UnsupportedDirection = Rule(
        "SKRPC008",
        "Unsupported parameter direction",
        "'{0}' of {1}: parameters are passed by value, in or out; spans and capabilities by value, results not in"
    );

    public static readonly DiagnosticDescriptor Overload = Rule(
        "SKRPC009",
        "Overloaded method",
        "{0} has the name of another method; a method's name stands for its number"
    );

    public static readonly DiagnosticDescriptor UnsupportedInterface = Rule(
        "SKRPC010",
        "Unsupported interface",
        "{0} must be a top-level, non-generic interface in a namespace, named I…, inherit nothing and have a method"
    );

    public static readonly DiagnosticDescriptor TakenName = Rule(
        "SKRPC011",
        "Name of what is generated",
        "'{0}' is a name that generated code uses itself: choose another"
    );

    public static readonly DiagnosticDescriptor EmptyEnum = Rule(
        "SKRPC012",
        "Enum without members",
        "'{0}' of {1} has type {2}, an enum without members: its receiver would take no value"
    );

    private static DiagnosticDescriptor Rule(string id, string title, string message) =>
        new(id, title, message, "Skerry.Rpc", DiagnosticSeverity.Error, isEnabledByDefault: true);
}
