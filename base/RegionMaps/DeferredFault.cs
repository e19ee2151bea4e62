using Skerry.Abi;
using Skerry.Base.Kernel;

namespace Skerry.Base.RegionMaps;

/// <summary>A thread that faulted where nothing could be mapped, until an attach covers the address.</summary>
public unsafe struct DeferredFault
{
    /// <summary>The map of the address space that faulted, whose account pays for this.</summary>
    public RegionMap* Space;

    /// <summary>Where nothing could be mapped: the innermost map that the fault reached.</summary>
    public RegionMap* Map;

    /// <summary>In the addresses of that map.</summary>
    public ulong Address;
    public FaultAccess Access;

    /// <summary>Which thread, for whoever destroys it: the cookie its faults carry.</summary>
    public ulong Thread;

    /// <summary>Holds the thread.</summary>
    public HeldCaller* Faulter;
    internal DeferredFault* Next;
}
