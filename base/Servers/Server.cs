using System;
using System.Runtime.CompilerServices;
using Skerry.Abi;
using Skerry.Base.Kernel;
using Skerry.Base.Memory;
using Skerry.Base.RegionMaps;
using Skerry.Base.Rpc;
using Skerry.Base.Servers.Components;
using Skerry.Base.Servers.Faults;
using Skerry.Base.Servers.Objects;
using Skerry.Base.Servers.Services;

namespace Skerry.Base.Servers;

/// <summary>
/// All that core or a vcore is: its resources, its objects, its children. The two differ in where the resources came
/// from (<see cref="ServerResources"/>) and in what they do with services of others (<see cref="ServerHooks"/>).
/// </summary>
/// <remarks>
/// The service lock protects everything that has no lock of its own. An entrypoint holds it while it serves a request:
/// alone, or shared with the lock of the one protection domain that the request touches
/// (<see cref="Services.DomainRequests"/>). Pagers never take it: a fault meets the locks of the region maps on its path and
/// nothing wider.
/// </remarks>
public unsafe struct Server
{
    public const int MaximumCpus = Abi.Boot.BootInformation.MaximumCpus;

    /// <summary>All threads of core that serve run at this priority, so that their locks cannot starve a holder.</summary>
    public const uint CorePriority = 60;

    /// <summary>
    /// Those of a vcore, and the highest that its controls allow: whatever it makes of them, core goes first, and so whoever
    /// waits for core.
    /// </summary>
    public const uint VcorePriority = CorePriority - 1;

    /// <summary>The highest priority of a child's thread.</summary>
    public const uint MaximumChildPriority = 40;

    public ServerName Name;
    public SharedLock<ProcessorMemory> ServiceLock;
    public ServerMemory Memory;
    public SlotPool Slots;
    public UntypedAllocator<ServerKernel> Untyped;
    public RamAllocator<ServerKernel> Ram;
    public MappingLibrary<ServerKernel> Mapping;
    public HeldCallers Callers;
    public ObjectTable Objects;
    public OwnSpace Space;
    public Slab<UntypedBlock> Blocks;
    public Slab<ProtectionDomain> Domains;
    public Slab<Child> ChildRecords;
    internal Slab<SiblingSession> SiblingRecords;
    public Slab<HeldCaller> CallerRecords;

    /// <summary>For what the server knows of its own.</summary>
    public RecordPool OwnRecords;

    /// <summary>Pages for what it knows of others, who pay for them.</summary>
    internal RecordSupply RecordPages;

    /// <summary>Where it sees them.</summary>
    internal ulong RecordWindowBase;

    /// <summary>Which windows on records are taken. The service lock protects it.</summary>
    internal RecordWindows.Numbers RecordWindowNumbers;

    /// <summary>Entries of the table for the server's own objects: domains, children, the sessions between them.</summary>
    public ObjectShare OwnObjects;

    /// <summary>What the server has for its children, itself the reference account of theirs.</summary>
    public QuotaAccount Account;

    /// <summary>Why a component could not be started last. The service lock protects it.</summary>
    public Shortage Shortage;

    /// <summary>The untyped that the server's own kernel objects are made of.</summary>
    public CapabilitySlot OwnMemory;
    public AddressSpaceCapability OwnAddressSpace;

    /// <summary>Signalled when the supervisor has something to do.</summary>
    public NotificationCapability Attention;

    /// <summary>Children are started again when it has had its turn.</summary>
    internal Starter Starter;

    /// <summary>How many children have come to wait for their start. The supervisor's alone.</summary>
    internal uint Starts;
    public ServerHooks Hooks;
    public Child* Children;

    /// <summary>Of those who wait for room for a line.</summary>
    public LogTurns LogTurns;

    /// <summary>Sessions between children.</summary>
    internal SiblingSession* Siblings;

    /// <summary>All children of the configuration have been started: who is not there will not come.</summary>
    internal bool AllStarted;

    /// <summary>Of its threads that serve.</summary>
    public uint Priority;
    public uint CpuCount;
    public uint ClusterId;

    /// <summary>The node that the server's memory lies on.</summary>
    public uint MemoryNode;
    public ulong TscHertz;

    /// <summary>Pages of this server's own image, stacks and bookkeeping.</summary>
    public ulong OwnPages;

    /// <summary>Pages that came from another cluster's memory, for channels.</summary>
    public ulong RemotePages;
    public CpuList Cpus;
    private byte* _configuration;
    private int _configurationBytes;

    /// <summary>The compiled configuration, which the server reads its children from; checked when it comes up.</summary>
    public readonly ReadOnlySpan<byte> Configuration => new(_configuration, _configurationBytes);

    /// <summary>
    /// Lets those who wait for the service lock go first. Whoever does long work while it holds the lock asks behind each
    /// piece; what it works on must be nobody else's by then.
    /// </summary>
    internal void GiveTurn()
    {
        ServiceLock.Release();
        ServiceLock.Acquire();
    }

    /// <summary>Before a component is started: what is refused from now on is for it.</summary>
    internal void ForgetRefused()
    {
        Account.ForgetRefused();
        Untyped.ForgetRefused();
        Shortage = default;
    }

    /// <summary>What was refused, while the component's own account is there.</summary>
    internal void NoteShortage(in QuotaAccount own) =>
        Shortage = Shortage.Of(own, Account, Untyped.RefusedBytes, Untyped.FreeBytes);

    public void SetConfiguration(byte* start, int bytes)
    {
        _configuration = start;
        _configurationBytes = bytes;
    }

    /// <summary>A capability to an object, which clients on one of the server's CPUs call there; none if slots are used up.</summary>
    public Capability CapabilityTo(ObjectHandle handle, uint cpu)
    {
        CapabilitySlot slot = Objects.CapabilityOf(handle);
        if (!slot.IsNull || handle.IsNull)
        {
            return slot.IsNull ? Capability.None : Capability.In(slot);
        }
        slot = Slots.TryTake();
        if (slot.IsNull)
        {
            return Capability.None;
        }
        if (Mint(CapTableCapability.Own, slot, handle, cpu) != Status.Ok)
        {
            Slots.Give(slot);
            return Capability.None;
        }
        Objects.SetCapability(handle, slot);
        return Capability.In(slot);
    }

    /// <summary>The object of this server that a client's capability designates. Any other capability is let go of.</summary>
    /// <returns>Null if it designates none of this kind.</returns>
    public readonly void* Designated(Capability capability, ObjectKind kind)
    {
        CapabilitySlots.Release(capability.Slot);
        return Objects.Find(capability.Badge, kind);
    }

    /// <summary>
    /// Takes what a message has brought, and is to be kept, out of the slots for messages, which the next messages need:
    /// those of everybody.
    /// </summary>
    /// <returns>Where it is now; the null slot if nothing was brought, or no slot is left: then it has been let go of.</returns>
    public CapabilitySlot Keep(CapabilitySlot brought)
    {
        CapabilitySlot kept = brought.IsNull ? default : Slots.TryTake();
        if (!kept.IsNull && CapTableCapability.Own.Move(kept, CapTableCapability.Own, brought) == Status.Ok)
        {
            CapabilitySlots.Free(brought);
            return kept;
        }
        if (!kept.IsNull)
        {
            Slots.Give(kept);
        }
        CapabilitySlots.Release(brought);
        return default;
    }

    /// <summary>Deletes what was kept, if anything was.</summary>
    public void LetGo(CapabilitySlot kept)
    {
        if (!kept.IsNull)
        {
            CapTableCapability.Own.Delete(kept);
            Mapping.Hazards.Retire(kept);
        }
    }

    /// <summary>Puts a capability to an object into a slot of any table.</summary>
    public readonly Status Mint(CapTableCapability table, CapabilitySlot slot, ObjectHandle handle, uint cpu) =>
        table.Mint(
            slot,
            CapTableCapability.Own,
            Cpus[(int)cpu].Sessions,
            EndpointRights.Send | EndpointRights.Grant,
            handle.Value
        );

    /// <summary>
    /// The number by which an entrypoint announces slots that it names behind a lock, each with one of its own: those of the
    /// pagers come before.
    /// </summary>
    public readonly int AnnouncerOf(uint cpu) => (int)(CpuCount + cpu);

    /// <summary>The same for the thread that supervises.</summary>
    public readonly int SupervisorAnnouncer => AnnouncerOf(CpuCount);

    /// <summary>Ends all capabilities to an object, and its handle.</summary>
    public void Retire(ObjectHandle handle)
    {
        CapabilitySlot slot = Objects.CapabilityOf(handle);
        if (!slot.IsNull)
        {
            CapTableCapability.Own.Revoke(slot);
            CapTableCapability.Own.Delete(slot);
            Mapping.Hazards.Retire(slot);
        }
        Objects.Remove(handle);
    }

    [InlineArray(MaximumCpus)]
    public struct CpuList
    {
        private ServerCpu _cpu;
    }
}
