using System.Runtime.CompilerServices;
using Skerry.Base.Kernel;

namespace Skerry.Base.RegionMaps;

/// <summary>
/// A frame capability that maps pages on behalf of a path of regions: through managed dataspaces, or of a foreign
/// dataspace. It goes when any region of the path is detached. Protected by the library's window lock.
/// </summary>
public unsafe struct PathWindow
{
    public CapabilitySlot Slot;

    /// <summary>The map of the address space it maps into.</summary>
    public RegionMap* Space;

    /// <summary>Address in that space of the capability's first page; may lie outside the region attached there.</summary>
    public ulong Base;
    internal int Length;
    internal PathLinks Links;

    [InlineArray(FaultPath.MaximumLength)]
    internal struct PathLinks
    {
        private PathLink _link;
    }
}

/// <summary>Membership of a window in the list of one region of its path.</summary>
public unsafe struct PathLink
{
    internal PathWindow* Window;
    internal Region* Region;
    internal PathLink* Next;
    internal PathLink* Previous;
}
