using System.Collections.Generic;
using System.Linq;
using Microsoft.CodeAnalysis;

namespace Skerry.Build.Generator;

/// <summary>
/// What the methods look like that stubs and other assemblies call by a name that each program exports itself. The linker
/// knows the name alone: another signature would read registers that nobody has set, and return what is in one by chance.
/// </summary>
internal static class EntrySignatures
{
    private const string Export = "RuntimeExportAttribute";
    private const string Environment = "Skerry.Base.Startup.Environment";

    /// <summary>By what ComponentEntryPoints and RuntimeSymbols call them.</summary>
    private static readonly Dictionary<string, Signature> _known = new()
    {
        ["SkerryMain"] = new(
            "static ulong Main(in Environment environment)",
            SpecialType.System_UInt64,
            parameter => parameter.RefKind == RefKind.In && parameter.Type.ToDisplayString() == Environment
        ),
        ["ComponentMain"] = new("static void Main(ulong argument)", SpecialType.System_Void, IsWord),
        ["ThreadMain"] = new("static void ThreadMain(ulong argument)", SpecialType.System_Void, IsWord),
        ["RuntimeFailure"] = new(
            "static void RuntimeFailure(uint reason)",
            SpecialType.System_Void,
            parameter => IsValue(parameter, SpecialType.System_UInt32)
        ),
    };

    /// <param name="method">Any.</param>
    /// <param name="name">By what it is exported.</param>
    /// <returns>How it must look; null if it does, or is none of these.</returns>
    public static string? Missed(IMethodSymbol method, out string name)
    {
        AttributeData? export = method
            .GetAttributes()
            .FirstOrDefault(attribute => attribute.AttributeClass?.Name == Export);
        name = export?.ConstructorArguments.FirstOrDefault().Value as string ?? "";
        return _known.TryGetValue(name, out Signature wanted) && !wanted.IsOf(method) ? wanted.Text : null;
    }

    private static bool IsWord(IParameterSymbol parameter) => IsValue(parameter, SpecialType.System_UInt64);

    private static bool IsValue(IParameterSymbol parameter, SpecialType type) =>
        parameter.RefKind == RefKind.None && parameter.Type.SpecialType == type;

    private sealed class Signature(string text, SpecialType result, System.Func<IParameterSymbol, bool> isParameter)
    {
        public string Text => text;

        public bool IsOf(IMethodSymbol method) =>
            method.IsStatic
            && !method.IsGenericMethod
            && !method.ReturnsByRef
            && !method.ReturnsByRefReadonly
            && method.ReturnType.SpecialType == result
            && method.Parameters.Length == 1
            && isParameter(method.Parameters[0]);
    }
}
