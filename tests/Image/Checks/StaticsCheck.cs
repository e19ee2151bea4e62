using System;
using System.Collections.Generic;
using System.Linq;
using Skerry.Tests.Image.Elf;

namespace Skerry.Tests.Image.Checks;

/// <summary>
/// What ilc makes of statics that it has not computed: room for references that only a collector's runtime makes, and
/// constructors that only its start-up runs. Nobody does either here, so a program would read zeros and write anywhere.
/// </summary>
internal static class StaticsCheck
{
    private static readonly string[] _forbidden = ["__GCSTATICS", "__GCStaticRegion", "__EagerCctor", "___cctor"];

    public static IReadOnlyList<Finding> Run(IEnumerable<ElfSymbol> symbols) =>
        (
            from symbol in symbols
            from name in _forbidden
            where symbol.Name.Contains(name, StringComparison.Ordinal)
            select new Finding(symbol.Name, symbol.Address, "a static that nothing initialises")
        ).ToArray();
}
