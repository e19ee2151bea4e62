using System;
using System.Runtime.CompilerServices;
using Skerry.Abi;
using Skerry.Abi.Boot;
using Skerry.Base.Channels;
using Skerry.Base.Kernel;

namespace Skerry.Core.Links;

/// <summary>
/// This instance's links to the instances of core in all other clusters, and how the non-roots reach the root.
/// </summary>
/// <remarks>
/// Core calls <see cref="Open"/> once at start, before any other thread uses the links, and makes a thread on the
/// cluster's first CPU, with the priority of its entrypoints, that does nothing but <see cref="Serve"/>. The Send
/// methods wait for room if need be; any thread but that one may call them.
/// </remarks>
public static unsafe class Links
{
    /// <summary>The cluster of the boot CPU.</summary>
    public const uint Root = 0;

    /// <summary>Written by <see cref="Open"/>; afterwards each link has its own lock.</summary>
    private static LinkTable<KernelDoorbell, StrictLinkProtocol> table;

    /// <summary>By cluster; written by <see cref="Open"/>.</summary>
    private static DoorbellCapability* doorbells;
    private static NotificationCapability doorbell;

    public static bool IsRoot => table.Own == Root;

    public static uint OwnCluster => table.Own;

    public static uint ClusterCount => table.Count;

    /// <summary>What the doorbell of this cluster signals.</summary>
    public static NotificationCapability Doorbell => doorbell;

    /// <summary>Maps the rings of all clusters, makes a doorbell to each, and binds the own one.</summary>
    /// <param name="core">What the kernel says.</param>
    /// <param name="machine">What bootstrap says; mapped and checked by the caller.</param>
    /// <param name="resources">Core's.</param>
    public static LinkResult Open<TResources>(CoreInformation* core, MachineHeader* machine, ref TResources resources)
        where TResources : struct, ILinkResources
    {
        uint count = core->ClusterCount;
        if (
            machine->ClusterCount != count
            || count > ReceiverControl.MaximumPeers
            || core->InboundBytes < ChannelLayout.InboundBytes(count)
        )
        {
            return LinkResult.BadDescription;
        }
        ulong tableBytes = LinkTable<KernelDoorbell, StrictLinkProtocol>.BytesFor(count);
        byte* memory = resources.TryTakeMemory(tableBytes + count * (ulong)sizeof(DoorbellCapability));
        byte* inbound = resources.TryMap(
            new FrameCapability(new CapabilitySlot((uint)InitialSlot.Inbound)),
            ChannelLayout.InboundBytes(count) / ChannelLayout.PageBytes
        );
        if (memory == null || inbound == null)
        {
            return LinkResult.OutOfResources;
        }
        table = new LinkTable<KernelDoorbell, StrictLinkProtocol>(memory, core->ClusterId, count, inbound);
        doorbells = (DoorbellCapability*)(memory + tableBytes);
        LinkResult result = BindDoorbell(ref resources);
        var clusters = (MachineCluster*)((byte*)machine + machine->ClustersOffset);
        for (uint peer = 0; peer < count && result == LinkResult.Ok; peer++)
        {
            if (peer != core->ClusterId)
            {
                result = Connect(peer, clusters + peer, ref resources);
            }
        }
        return result;
    }

    /// <summary>Serves the links for ever.</summary>
    public static void Serve<TWork>(ref TWork work)
        where TWork : IDoorbellWork, allows ref struct
    {
        while (true)
        {
            bool isBusy = table.Poll(ref work);
            isBusy |= work.Work();
            if (!work.TakesMore)
            {
                doorbell.Wait(out _);
            }
            else if (isBusy)
            {
                Processor.Yield();
            }
            else if (table.TrySleep())
            {
                doorbell.Wait(out _);
                table.Awake();
            }
        }
    }

    /// <summary>Hands the messages that have come to the handler, without waiting; for core's time before it serves.</summary>
    public static bool Poll<THandler>(ref THandler handler)
        where THandler : ILinkHandler, allows ref struct => table.Poll(ref handler);

    /// <summary>To the root: one whole line. Lines of different threads and clusters never mix.</summary>
    public static LinkResult SendLog(ReadOnlySpan<byte> line) => table.Send(Root, LinkMessageKind.Log, line);

    /// <summary>As <see cref="SendLog"/>, for a line of a child's: Full if it would have to wait, or take the room that is core's.</summary>
    public static LinkResult TrySendLog(ReadOnlySpan<byte> line) =>
        table.TrySend(Root, LinkMessageKind.Log, line, leavesRoom: true);

    /// <summary>To the root: the system can't go on.</summary>
    public static LinkResult SendFailed(in Failure failure) => Send(Root, LinkMessageKind.Failed, in failure);

    /// <summary>To the root: what this cluster's kernel, and this instance of core, have done.</summary>
    public static LinkResult SendStatistics(in ClusterStatistics statistics) =>
        Send(Root, LinkMessageKind.Statistics, in statistics);

    /// <summary>To the root: all essential children of this cluster have ended well, or it has none.</summary>
    public static LinkResult SendReady() => table.Send(Root, LinkMessageKind.Ready, default);

    /// <summary>To the root: this instance sends nothing more.</summary>
    public static LinkResult SendStopped() => table.Send(Root, LinkMessageKind.Stopped, default);

    /// <summary>From the root, to one cluster: end. Its answer is its statistics and then Stopped.</summary>
    public static LinkResult SendShutdown(uint cluster) => table.Send(cluster, LinkMessageKind.Shutdown, default);

    internal static bool TrySendNotice(uint cluster, in ChannelNotice notice)
    {
        ChannelNotice copy = notice;
        return table.TrySend(cluster, LinkMessageKind.Channel, new ReadOnlySpan<byte>(&copy, sizeof(ChannelNotice)))
            != LinkResult.Full;
    }

    /// <summary>What rings at the doorbell thread of another cluster; any component may be given it.</summary>
    public static DoorbellCapability DoorbellOf(uint cluster) => doorbells[cluster];

    /// <summary>Makes the doorbell thread go around once more.</summary>
    public static void Poke() => doorbell.Signal();

    /// <summary>A frame of memory that another cluster owns, in a slot of the caller's.</summary>
    public static Status TryMakeFrame(CapabilitySlot slot, ulong physicalAddress, ulong pages) =>
        new MemoryControlCapability(new CapabilitySlot((uint)InitialSlot.MemoryControl)).MakeFrame(
            CapTableCapability.Own,
            slot,
            physicalAddress,
            pages
        );

    private static LinkResult Send<T>(uint cluster, LinkMessageKind kind, in T value)
        where T : unmanaged
    {
        T copy = value;
        return table.Send(cluster, kind, new ReadOnlySpan<byte>(&copy, sizeof(T)));
    }

    private static LinkResult BindDoorbell<TResources>(ref TResources resources)
        where TResources : struct, ILinkResources
    {
        const uint firstCpu = 0;
        if (!resources.TryMakeNotification(firstCpu, out doorbell))
        {
            return LinkResult.OutOfResources;
        }
        var cpu = new CpuControlCapability(new CapabilitySlot((uint)InitialSlot.FirstCpuControl + firstCpu));
        return cpu.BindDoorbell(doorbell) == Status.Ok ? LinkResult.Ok : LinkResult.Refused;
    }

    /// <summary>Maps the peer's control lines and the page of its inbound area that is for this cluster alone.</summary>
    private static LinkResult Connect<TResources>(uint peer, MachineCluster* cluster, ref TResources resources)
        where TResources : struct, ILinkResources
    {
        LinkResult result = MapPage(cluster->Inbound.Base, ref resources, out byte* control);
        if (result != LinkResult.Ok)
        {
            return result;
        }
        result = MapPage(cluster->Inbound.Base + ChannelLayout.RingOffset(table.Own), ref resources, out byte* ring);
        if (result != LinkResult.Ok)
        {
            return result;
        }
        CapabilitySlot slot = resources.TryTakeSlot();
        if (slot.IsNull)
        {
            return LinkResult.OutOfResources;
        }
        var maker = new DoorbellControlCapability(new CapabilitySlot((uint)InitialSlot.DoorbellControl));
        if (maker.Make(CapTableCapability.Own, slot, cluster->FirstApicId) != Status.Ok)
        {
            return LinkResult.Refused;
        }
        doorbells[peer] = new DoorbellCapability(slot);
        table.Connect(peer, (ReceiverControl*)control, ring, new KernelDoorbell(doorbells[peer]));
        return LinkResult.Ok;
    }

    private static LinkResult MapPage<TResources>(ulong physicalAddress, ref TResources resources, out byte* page)
        where TResources : struct, ILinkResources
    {
        page = null;
        CapabilitySlot slot = resources.TryTakeSlot();
        if (slot.IsNull)
        {
            return LinkResult.OutOfResources;
        }
        if (TryMakeFrame(slot, physicalAddress, 1) != Status.Ok)
        {
            return LinkResult.Refused;
        }
        page = resources.TryMap(new FrameCapability(slot), 1);
        return page != null ? LinkResult.Ok : LinkResult.OutOfResources;
    }
}
