using System.Collections.Generic;

namespace Skerry.Stubs.Kernel;

/// <summary>
/// The doors of the kernel are written several times, so that none asks at run time what is known at the start, or once
/// for a long time. All names of one set have its suffix; the plain set, for processors with AVX, has none.
/// </summary>
internal readonly record struct DoorVariant(bool Avx, bool Traced)
{
    /// <summary>In the order in which DoorTableLayout numbers them.</summary>
    public static IEnumerable<DoorVariant> All =>
        [
            new(Avx: true, Traced: false),
            new(Avx: false, Traced: false),
            new(Avx: true, Traced: true),
            new(Avx: false, Traced: true),
        ];

    private string Suffix => (Avx ? "" : "WithoutAvx") + (Traced ? "Traced" : "");

    public string Name(string door) => door + Suffix;
}
