using Skerry.Base.Kernel;
using Skerry.Base.Memory;
using Skerry.Base.RegionMaps;
using Skerry.Base.Servers.Components;
using Skerry.Base.Servers.Services;

namespace Skerry.Base.Servers.Objects;

/// <summary>
/// A protection domain as its server keeps it. The lock of its account (<see cref="QuotaAccount.Requests"/>) protects it for
/// who shares the service lock, which protects it for who holds that alone. The region map and the page tables its pagers
/// use under their own locks.
/// </summary>
public unsafe struct ProtectionDomain
{
    public ObjectHandle Handle;
    public QuotaAccount Account;
    public KernelObjects Objects;

    /// <summary>Its entries of the server's table.</summary>
    public ObjectShare Handles;

    /// <summary>Where the server sees what it knows of it, by number.</summary>
    internal int RecordWindow;

    public CapTableCapability Table;
    public AddressSpaceCapability Space;
    public CapTableCapability FaultTable;
    public RegionMap* Map;

    /// <summary>Its CPUs: the first, by index among the server's, and how many.</summary>
    public uint FirstCpu;
    public uint CpuCount;

    /// <summary>Made through this PD and not freed.</summary>
    public Dataspace* Dataspaces;
    public RegionMap* Maps;

    /// <summary>Memory that is being made ready for it.</summary>
    internal RamRequest* RamRequests;
    public ThreadRecord* Threads;
    public ServiceSession* Sessions;

    /// <summary>Waits for room for a line (<see cref="LogTurns"/>), since it last asked; time-stamp counter.</summary>
    internal bool IsWaiting;
    internal ulong AskedAt;
    internal ProtectionDomain* NextWaiting;

    /// <summary>Sessions that it has opened and that are not closed; those it was started with do not count.</summary>
    internal uint OpenedSessions;

    /// <summary>How many those may be; 0 for what components get (<see cref="ChildRequest.SessionPlaces"/>).</summary>
    internal uint SessionPlaces;

    /// <summary>What it used before its first instruction.</summary>
    internal Resources StartedWith;

    /// <summary>The component it belongs to; null for the server itself.</summary>
    public Child* Child;

    /// <summary>It is being taken down: no thread is made in it any more.</summary>
    internal bool IsEnding;

    /// <summary>The component serves what this server does (<see cref="ChildRequest.IsServer"/>).</summary>
    public bool IsServer;

    /// <summary>Untyped memory given away whole; see PdSessionServer.ClaimUntyped.</summary>
    internal Claim* Claims;

    /// <summary>Memory that the PD makes kernel objects of itself.</summary>
    internal struct Claim
    {
        public Claim* Next;
        public UntypedBlock* Block;
    }
}
