using System.Collections.Generic;
using System.Linq;
using Skerry.Tests.Image.Elf;

namespace Skerry.Tests.Image.Checks;

/// <summary>No memory of an image is both written and executed.</summary>
internal static class SegmentCheck
{
    private const ElfSegmentFlags Both = ElfSegmentFlags.Write | ElfSegmentFlags.Execute;

    public static IReadOnlyList<Finding> Run(ElfFile elf) =>
        elf
            .Segments.Where(segment => (segment.Flags & Both) == Both)
            .Select(segment => new Finding("segment", segment.Address, "writable and executable"))
            .ToArray();
}
