using Skerry.Base.Kernel;
using Skerry.Base.Memory;

namespace Skerry.Base.RegionMaps;

/// <summary>
/// A range of addresses and what is attached there: the layout of an address space, or the inside of a managed
/// dataspace. Fault handling takes this map's lock and no wider one, so faults in different maps never meet.
/// </summary>
public unsafe struct RegionMap
{
    /// <summary>Maps inside maps that attach follows to find a cycle, by calls of itself; deeper ones are refused.</summary>
    public const int MaximumNesting = 2 * FaultPath.MaximumLength;

    /// <summary>
    /// Protects the regions. A fault holds the locks of the maps on its path, outer before inner;
    /// as attach refuses cycles, two faults cannot wait for each other.
    /// </summary>
    internal ExclusiveLock Lock;

    internal RegionTree Regions;

    /// <summary>Where the last fault was: the next is likely there. Null if that region has gone.</summary>
    internal Region* Recent;

    /// <summary>Lowest and end of the addresses that regions may have.</summary>
    public ulong Start;
    public ulong End;

    /// <summary>The lowest address that attach chooses by itself.</summary>
    public ulong AttachBase;

    /// <summary>By which the services name it.</summary>
    public ulong Handle;

    /// <summary>By which the services name the protection domain it belongs to.</summary>
    public ulong Owner;

    /// <summary>The next map of the same owner; for the services.</summary>
    public RegionMap* NextOwned;

    /// <summary>The one before it; null for the first.</summary>
    internal RegionMap* PreviousOwned;

    /// <summary>Pays for the regions.</summary>
    public QuotaAccount* Account;

    /// <summary>It is being destroyed: nothing is attached in it any more. Of the structure.</summary>
    internal bool IsGoing;

    /// <summary>It is among the <see cref="FaultedMaps"/>. The lock of its faults protects it.</summary>
    internal bool IsFaulted;

    /// <summary>How often dataspaces are attached here that another account pays for, or none. Of the structure.</summary>
    internal uint RegionsOfOthers;

    /// <summary>Signalled when a fault in this map waits; the null slot if nobody handles them.</summary>
    public CapabilitySlot FaultHandler;

    /// <summary>The dataspace that this map is the inside of; null for the map of an address space.</summary>
    public Dataspace* AsDataspace;

    /// <summary>The faults that wait here.</summary>
    internal WaitingFaults Waiting;

    /// <summary>Those of threads of this address space that wait, here or in a map inside. <see cref="Lock"/> protects the list.</summary>
    internal DeferredFault* OfThreads;

    /// <summary>Among the <see cref="FaultedMaps"/>.</summary>
    internal RegionMap* NextFaulted;
    internal RegionMap* PreviousFaulted;

    /// <summary>The last search for a cycle that saw this map.</summary>
    internal ulong Visit;
}
