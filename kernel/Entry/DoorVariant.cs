using System.Collections.Generic;
using System.Linq;

namespace Skerry.Kernel.Entry;

/// <summary>
/// The doors of the kernel are written several times, so that none asks at run time what is known at the start, or once
/// for a long time. All names of one set have its suffixes; the plain set, for processors with AVX, has none.
/// </summary>
/// <param name="Avx">Vector registers are cleared with AVX.</param>
/// <param name="Mitigated">User mode has page tables of its own, and a change of PD has barriers (RootCode, BarrierCode).</param>
/// <param name="Traced">Kernel entries are recorded (EntryHooks).</param>
internal readonly record struct DoorVariant(bool Avx, bool Mitigated, bool Traced)
{
    private static readonly bool[] _choices = [false, true];

    /// <summary>In the order in which DoorTableLayout numbers them.</summary>
    public static IEnumerable<DoorVariant> All =>
        from mitigated in _choices
        from traced in _choices
        from withoutAvx in _choices
        select new DoorVariant(!withoutAvx, mitigated, traced);

    private string Suffix => (Avx ? "" : "WithoutAvx") + (Mitigated ? "Mitigated" : "") + (Traced ? "Traced" : "");

    public string Name(string door) => door + Suffix;
}
