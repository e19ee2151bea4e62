using Skerry.Base.Kernel;
using Skerry.Base.Servers.Faults;

namespace Skerry.Base.Servers;

/// <summary>What a server has on one of its CPUs. Written when the server starts; the counts by that CPU's pager alone.</summary>
public unsafe struct ServerCpu
{
    /// <summary>Index of the CPU in the cluster.</summary>
    public uint ClusterIndex;

    /// <summary>Where clients on this CPU call.</summary>
    public EndpointCapability Sessions;

    /// <summary>Where faults on this CPU arrive.</summary>
    public EndpointCapability Faults;
    public ThreadCapability SessionThread;
    public ThreadCapability PagerThread;

    /// <summary>Reads the kernel's counters; null slot if the server was not given it.</summary>
    public CpuControlCapability Control;

    /// <summary>Whom each thread holds while it works; exchanged by the thread itself when the answer must wait.</summary>
    public HeldCaller* SessionCaller;
    public HeldCaller* PagerCaller;

    /// <summary>What each thread goes on with when the time that it works on is taken away (<see cref="Keeper"/>).</summary>
    public SchedContextCapability SessionTime;
    public SchedContextCapability PagerTime;

    /// <summary>Where the keeper hears of that.</summary>
    public EndpointCapability Timeouts;

    /// <summary>Signalled when an answer is to be sent from this CPU; bound to the keeper.</summary>
    public NotificationCapability Answers;
    public ThreadCapability KeeperThread;

    /// <summary>Holds the thread whose time was taken away until it is told to go on.</summary>
    public ReplyCapability KeeperCaller;

    /// <summary>
    /// The word by which the CPU's entrypoint, which alone writes it, shares the service lock. In the middle: what another CPU
    /// writes lies in other cache lines.
    /// </summary>
    public int Shares;

    /// <summary>The CPU's time, or the part of it that the server was given: its threads and its children's run by this.</summary>
    public SchedControlCapability Time;

    /// <summary>The session that last started a trace here. The service lock protects it.</summary>
    public ulong TracedFor;

    /// <summary>The parent's service for faults on its dataspaces; null slot in core.</summary>
    public CapabilitySlot Forward;

    /// <summary>Two slots for the capability that this CPU's entrypoint sent last for a forwarded fault.</summary>
    public CapabilitySlot HandedOut;

    /// <summary>Faults that the pager has begun with: whoever waits for it learns by this that it is at another one.</summary>
    public ulong FaultsTaken;

    /// <summary>Page faults answered out of this server's own memory, and with its parent's help.</summary>
    public ulong FaultsLocal;
    public ulong FaultsForwarded;

    /// <summary>Forwarded faults of servers below this one that were answered here; its entrypoint counts them.</summary>
    public ulong ForwardsServed;

    /// <summary>Page faults that nothing answered.</summary>
    public ulong FaultsUnresolved;
}
