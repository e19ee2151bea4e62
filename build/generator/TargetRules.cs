using Microsoft.CodeAnalysis;

namespace Skerry.Build.Generator;

/// <summary>
/// What C# allows and code on the target cannot have, though it would compile or fail only in the linker. docs/build.md
/// lists them for people.
/// </summary>
public static class TargetRules
{
    public static readonly DiagnosticDescriptor MutableReference = Rule(
        "SKT001",
        "Static that holds references and can change",
        "'{0}' is static and holds references, so it must be readonly and computed by the compiler: on the target "
            + "nothing makes room for statics that a collector would have to know"
    );

    public static readonly DiagnosticDescriptor Catch = Rule(
        "SKT002",
        "Exceptions are not caught",
        "Nothing is ever caught on the target, as nothing can be thrown: a failed check ends the program, and what can "
            + "fail returns a result"
    );

    public static readonly DiagnosticDescriptor Throw = Rule(
        "SKT003",
        "Exceptions are not thrown",
        "There are no exceptions on the target: return a result instead"
    );

    public static readonly DiagnosticDescriptor Lock = Rule(
        "SKT004",
        "Objects have no locks",
        "Objects have no locks on the target: use UserLock (in the kernel, ClusterLock)"
    );

    public static readonly DiagnosticDescriptor Entry = Rule(
        "SKT005",
        "Entry with another signature",
        "What is exported as '{0}' is called as '{1}': with another signature it would take what a register holds by "
            + "chance, or return it"
    );

    private static DiagnosticDescriptor Rule(string id, string title, string message) =>
        new(
            id,
            title,
            message + " (docs/build.md)",
            "Skerry.Target",
            DiagnosticSeverity.Error,
            isEnabledByDefault: true,
            customTags: WellKnownDiagnosticTags.NotConfigurable
        );
}
