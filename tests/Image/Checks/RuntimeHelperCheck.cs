using System.Collections.Generic;
using System.Linq;
using Skerry.Tests.Image.Elf;

namespace Skerry.Tests.Image.Checks;

/// <summary>
/// What the compiler calls for language features that the kernel and bootstrap do without: allocation, stores of
/// references, exceptions, lazy class constructors, boxing, dispatch through interfaces, thread statics.
/// </summary>
internal static class RuntimeHelperCheck
{
    private static readonly string[] _forbidden =
    [
        "RhpNew",
        "RhNew",
        "RhpThrow",
        "RhpRethrow",
        "RhpAssignRef",
        "RhpCheckedAssignRef",
        "RhpByRefAssignRef",
        "RhpInitialDynamicInterfaceDispatch",
        "RhBox",
        "RhUnbox",
        "RhTypeCast",
        "CheckStaticClassConstruction",
        "ClassConstructorRunner",
        "___cctor",
        "__GetNonGCStaticBase_",
        "__GetGCStaticBase_",
        "__GetThreadStaticBase_",
    ];

    public static IReadOnlyList<Finding> Run(IEnumerable<ElfSymbol> symbols) =>
        (
            from symbol in symbols
            from name in _forbidden
            where symbol.Name.Contains(name, System.StringComparison.Ordinal)
            select new Finding(symbol.Name, symbol.Address, $"the image must do without {name}")
        ).ToArray();
}
