using Skerry.Abi;
using Skerry.Base.Kernel;

namespace Skerry.Base.RegionMaps;

/// <summary>What is to be done about a page fault.</summary>
public unsafe struct Resolution
{
    public FaultOutcome Outcome;

    /// <summary>Resolved: the frame capability to map with.</summary>
    public CapabilitySlot Window;

    /// <summary>Resolved or NeedsForward: what the mapping may do.</summary>
    public FrameRights Rights;

    /// <summary>The page in the address space; a multiple of the page size.</summary>
    public ulong Address;

    /// <summary>Resolved: where the page lies in the frame. NeedsForward: in the foreign dataspace. Bytes.</summary>
    public ulong Offset;

    /// <summary>Resolved: how many pages from there on may be mapped at once, as far as one page table reaches.</summary>
    public uint Pages;

    /// <summary>NeedsForward: the capability to the foreign dataspace.</summary>
    public CapabilitySlot Foreign;

    /// <summary>Not resolved: the innermost map that was reached, and the address in its own count.</summary>
    public RegionMap* Map;
    public ulong MapAddress;

    /// <summary>The regions passed through.</summary>
    internal FaultPath Path;
}
