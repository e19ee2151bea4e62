using System;
using System.Linq;

namespace Skerry.Stubs;

/// <summary>What a symbol or type that only a runtime would have stands for in C#: the table of docs/build.md, from its other end.</summary>
internal static class MissingFeature
{
    /// <summary>What every component defines.</summary>
    public const string ComponentMain = "SkerryMain";

    private const string Page = " (docs/build.md)";

    private static readonly (string Symbol, string Feature)[] _symbols =
    [
        ("RhpThrowEx", "throw: there are no exceptions on the target; return a result"),
        ("RhpNew", "new of a class or an array: this image has no heap"),
        ("RhpAssignRef", "a reference is stored in an object: this image has no heap"),
        ("RhpCheckedAssignRef", "a reference is stored in an object: this image has no heap"),
        ("RhpByRefAssignRef", "a structure with references is copied into an object: this can't be had"),
        (
            "RhpInitialDynamicInterfaceDispatch",
            "a call through an interface that is decided at run time: use a constraint"
        ),
        (ComponentMain, "no method has [RuntimeExport(\"SkerryMain\")]: it is where a component begins"),
    ];

    private static readonly (string Name, string Feature)[] _names =
    [
        ("'RhBox'", "boxing: a value is used as an object or as an interface"),
        ("'RhUnbox", "unboxing: a value is taken out of an object"),
        ("System.Delegate'", "a delegate, lambda or event: use a generic parameter with a constraint"),
        (
            "LdTokenHelpers",
            "constant values for a new array: assign them one by one, or take a span of constants of bytes"
        ),
        (
            "'System.Math'",
            "a conversion with a check, or of a floating-point number: cast the length of an array to int"
        ),
        ("TypeLoaderExports", "a generic virtual method"),
        ("ThreadStatics", "[ThreadStatic]: keep the value in the thread's body"),
        ("RuntimeExports", "a cast, or a question for a type, that is decided at run time"),
    ];

    public static string OfSymbol(string symbol)
    {
        string? feature = _symbols.FirstOrDefault(one => Begins(symbol, one.Symbol)).Feature;
        return $"{feature ?? "nothing on the target defines this symbol"} [{symbol}]{Page}";
    }

    /// <param name="message">What ilc says.</param>
    public static string OfCompiler(string message)
    {
        const string twice = "An item with the same key has already been added. Key: ";
        if (Begins(message, twice))
        {
            return $"two methods are exported as {message[twice.Length..]}: a symbol stands for one{Page}";
        }
        string? feature = _names.FirstOrDefault(one => message.Contains(one.Name, StringComparison.Ordinal)).Feature;
        return feature is null ? message + Page : $"{feature} [{message}]{Page}";
    }

    private static bool Begins(string text, string start) => text.StartsWith(start, StringComparison.Ordinal);
}
