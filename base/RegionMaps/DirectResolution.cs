using Skerry.Abi;
using Skerry.Base.Kernel;

namespace Skerry.Base.RegionMaps;

/// <summary>What is to be mapped for a fault in memory that is attached to the address space itself.</summary>
public readonly struct DirectResolution(CapabilitySlot window, FrameRights rights, ulong address, ulong offset)
{
    /// <summary>The frame capability to map with.</summary>
    public CapabilitySlot Window { get; } = window;

    /// <summary>What the mapping may do.</summary>
    public FrameRights Rights { get; } = rights;

    /// <summary>The page in the address space; a multiple of the page size.</summary>
    public ulong Address { get; } = address;

    /// <summary>Where the page lies in the frame; bytes.</summary>
    public ulong Offset { get; } = offset;
}
