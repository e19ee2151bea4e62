using System;
using System.Linq;
using Skerry.Abi;
using Skerry.Abi.Boot;
using Skerry.Kernel.Capabilities;
using Skerry.Kernel.Cluster;
using Skerry.Kernel.Memory;
using Skerry.Kernel.Objects;
using Skerry.Kernel.Scheduling;
using Xunit;

namespace Skerry.Tests.Host.Kernel;

/// <summary>Each rule speaks when its field is broken by hand.</summary>
public sealed unsafe class InvariantsTests
{
    private static readonly (CheckedRule Rule, Action<BrokenWorld> Damage)[] _damage =
    [
        (CheckedRule.TreeLinkOutside, w => w.World.Slot(w.Endpoint)->NextLink = 1),
        (CheckedRule.TreeLinksDisagree, w => w.World.Slot(w.Endpoint)->PreviousLink = 0),
        (CheckedRule.TreeLinksDisagree, w => w.World.Slot(w.Endpoint)->NextLink = Capability.LinkTo(w.World.Root)),
        (CheckedRule.TreeEmptySlot, w => w.World.Slot(w.Endpoint)->Hide()),
        (CheckedRule.TreeMarks, w => w.World.Slot(w.EndpointCopy)->MarkFirst(false)),
        (CheckedRule.TreeMarks, w => w.World.Slot(w.EndpointCopy)->MarkLast(false)),
        (CheckedRule.DyingSlot, w => w.World.Slot(w.EndpointCopy)->BeginDying(Remains.Nothing)),
        (CheckedRule.DyingSlot, w => w.World.Slot(w.EndpointCopy)->BeginDying(Remains.Table)),
        (CheckedRule.TypeUnknown, w => w.Write(w.Endpoint, (ObjectType)30)),
        (
            CheckedRule.CapabilitiesApart,
            w => w.World.Slot(w.Endpoint)->Write(ObjectType.Endpoint, 7, w.CalledAddress, 0, 0)
        ),
        (
            CheckedRule.CopyOfOther,
            w => w.World.Slot(w.EndpointCopy)->Write(ObjectType.Endpoint, 7, w.CalledAddress, 0, 0)
        ),
        (CheckedRule.CopyRights, w => w.SetRights(w.Endpoint, 0)),
        (CheckedRule.SlotNotInTree, w => *w.World.Slot(900) = *w.World.Slot(w.Endpoint)),
        (CheckedRule.SlotCount, w => w.World.Slot(World.Own)->SetExtent(4)),
        (CheckedRule.EmptySlotNotClean, w => w.World.Slot(900)->Data = 1),
        (CheckedRule.BindingPlace, w => w.World.Slot(w.Endpoint)->SetBinding(BindingKind.Doorbell)),
        (CheckedRule.BindingPlace, w => w.Ready.Thread->CapTableBinding.SetBinding(BindingKind.ThreadBuffer)),
        (CheckedRule.CapabilityMarks, w => *(ulong*)w.World.Slot(w.Endpoint) ^= 1),
        (CheckedRule.RevokeNote, w => w.Revoke()->Revoker = (Thread*)w.World.Root),
        (CheckedRule.RevokeNote, w => w.Revoke()->Revoked = null),
        (CheckedRule.RevokeNote, w => w.Revoke()->Next = (Thread*)w.World.Root),
        (CheckedRule.RevokeNote, w => w.Revoke()->Revoker = null),
        (CheckedRule.RevokeNote, w => w.World.MakeThread(0).Thread->MadeAgain.NewestRevoke = 1),
        (CheckedRule.ObjectPlace, w => w.World.Slot(World.Untyped)->SetExtent(40)),
        (CheckedRule.ObjectOutsideParent, w => UntypedMemory.SetWatermark(w.World.Slot(World.Untyped), 64)),
        (
            CheckedRule.ObjectsOverlap,
            w => w.World.Slot(w.Notification)->Write(ObjectType.Frame, 7, w.SpaceAddress, 0, 1)
        ),
        (CheckedRule.WatermarkBeyondEnd, w => UntypedMemory.SetWatermark(w.World.Slot(World.Untyped), 1ul << 37)),
        (CheckedRule.WatermarkBeyondEnd, w => w.World.Slot(World.Untyped)->Data |= 1ul << 60),
        (CheckedRule.UntypedNotZero, w => w.WriteAboveWatermark()),
        (CheckedRule.ThreadFields, w => w.Ready.Thread->Cpu = 7),
        (CheckedRule.ThreadBindings, w => w.Ready.Thread->CapabilityCount = 5),
        (CheckedRule.ThreadBindings, w => w.Receiver.Thread->Root = 0x5000),
        (CheckedRule.ThreadBindings, w => w.Receiver.Thread->Buffer = (MessageBuffer*)w.SpaceObject),
        (CheckedRule.RunningNotCurrent, w => w.World.Cpu(0)->Current = null),
        (CheckedRule.ReadyNotQueued, w => w.World.Cpu(0)->Ready = default),
        (CheckedRule.WaitingNotQueued, w => w.EndpointObject->State = EndpointState.Idle),
        (CheckedRule.CallerNotHeld, w => w.Caller.Thread->AwaitedReply = null),
        (CheckedRule.InactiveQueued, w => w.Receiver.Thread->State = ThreadState.Inactive),
        (CheckedRule.ThreadInTwoQueues, w => w.World.Cpu(0)->Shared.RequestHead = (ulong)w.Running.Thread),
        (CheckedRule.ThreadFlags, w => w.Ready.Thread->Flags &= ~ThreadFlags.Queued),
        (CheckedRule.ThreadReply, w => w.ReplyObject->Owner = null),
        (CheckedRule.ThreadBorrowedThrough, w => w.Ready.Thread->BorrowedThrough = w.ReplyObject),
        (CheckedRule.ThreadNotification, w => w.Ready.Thread->BoundNotification = w.NotificationObject),
        (CheckedRule.ThreadContext, w => w.Ready.Thread->SchedContext = (SchedContext*)w.World.Root),
        (CheckedRule.ThreadContext, w => w.Receiver.Thread->SchedContext = w.Context(w.Ready)),
        (CheckedRule.ThreadServerReply, w => w.Server.Thread->ServerReply = Reply.None),
        (CheckedRule.ReadyBits, w => *(ulong*)&w.World.Cpu(0)->Ready = 0),
        (CheckedRule.HighestReady, w => w.World.Cpu(0)->HighestReady = 3),
        (CheckedRule.HighestReady, w => w.World.Cpu(0)->HighestListed = 3),
        (CheckedRule.ForemostThread, w => w.Foremost()->Flags |= ThreadFlags.Queued),
        (CheckedRule.ForemostThread, w => w.Foremost()->SchedContext = null),
        (CheckedRule.ForemostThread, w => w.Foremost()->Priority = 3),
        (CheckedRule.ReadyNotQueued, w => w.Forget(w.Foremost())),
        (CheckedRule.ReadyThread, w => w.Ready.Thread->Priority = 3),
        (CheckedRule.CurrentThread, w => w.World.Cpu(0)->Parked = true),
        (CheckedRule.CurrentThread, w => w.Running.Thread->State = ThreadState.Ready),
        (CheckedRule.QueueMember, w => w.World.Cpu(0)->Shared.RequestHead = (ulong)w.World.Root),
        (CheckedRule.QueueLinks, w => w.EndpointObject->Tail = w.Ready.Thread),
        (CheckedRule.QueueLinks, w => w.Receiver.Thread->Previous = w.Ready.Thread),
        (CheckedRule.QueueState, w => w.EndpointObject->State = EndpointState.Senders),
        (CheckedRule.QueueState, w => w.Receiver.Thread->WaitingOn = null),
        (CheckedRule.QueueState, w => w.Receiver.Thread->Cpu = 1),
        (CheckedRule.RequestState, w => w.World.Cpu(1)->Shared.RequestHead = (ulong)w.Caller.Thread),
        (CheckedRule.SignalList, w => w.NotificationObject->RemoteBits = 1),
        (CheckedRule.SignalList, w => w.World.Cpu(0)->Shared.SignalHead = (ulong)w.World.Root),
        (CheckedRule.EndpointState, w => w.EndpointObject->Head = null),
        (CheckedRule.EndpointState, w => w.EndpointObject->Cpu = 1),
        (CheckedRule.NotificationThread, w => w.NotificationObject->BoundThread = w.Ready.Thread),
        (CheckedRule.NotificationThread, w => w.NotificationObject->Word ^= 4),
        (CheckedRule.NotificationPrepared, w => w.NotificationObject->Word ^= 1),
        (CheckedRule.NotificationPrepared, w => w.Context(w.Waiter)->Remaining = 0),
        (CheckedRule.WaitersStatus, w => w.Waiter.Thread->Rax = (ulong)SystemCall.Wait),
        (CheckedRule.ReplyThreads, w => w.ReplyObject->Owner = (Thread*)w.World.Root),
        (CheckedRule.ReplyCaller, w => w.Caller.Thread->State = ThreadState.Inactive),
        (CheckedRule.ReplyOwner, w => w.ReplyObject->Owner = w.Ready.Thread),
        (CheckedRule.ReplyOwner, w => w.ReplyObject->Cpu = 1),
        (CheckedRule.ReplyMarks, w => w.Caller.Thread->Flags = ThreadFlags.Debugged),
        (CheckedRule.ReplyLoan, w => w.ReplyObject->Hold(w.Caller.Thread, w.Ready.Thread)),
        (CheckedRule.ReplyLoan, w => w.Caller.Thread->SchedContext = w.Context(w.Running)),
        (CheckedRule.ReplyMarks, w => w.Caller.Thread->Flags = ThreadFlags.FullFrame),
        (CheckedRule.IrqHandler, w => w.Irq->State = (uint)IrqState.Open),
        (CheckedRule.IrqHandler, w => w.Irq->Vector++),
        (CheckedRule.IrqVectors, w => w.World.Cpu(1)->Irqs[5].Kind = IrqKind.Message),
        (CheckedRule.EndpointSweep, w => w.Sweep(w.Ready.Thread)),
        (CheckedRule.ContextHolder, w => w.Context(w.Ready)->Holder = w.Caller.Thread),
        (CheckedRule.ContextOwner, w => w.Context(w.Ready)->Owner = w.Running.Thread),
        (CheckedRule.RefillList, w => w.World.Cpu(0)->Refills = (SchedContext*)w.World.Root),
        (CheckedRule.RefillContext, w => w.World.Cpu(0)->Refills = w.Context(w.Ready)),
        (CheckedRule.RefillMissing, w => w.Unqueue(w.Ready)),
        (CheckedRule.Charged, w => w.World.Cpu(0)->Charged = w.Context(w.Ready)),
        (CheckedRule.Charged, w => w.World.Cpu(1)->Charged = (SchedContext*)w.World.Root),
        (CheckedRule.Charged, w => w.World.Cpu(0)->Charged->Rank = 1),
        (CheckedRule.TimerIsLate, w => w.World.Cpu(0)->TimerSetFor = DeadlineTimer.Never),
        (CheckedRule.ContextControl, w => w.Context(w.Ready)->Budget = w.Context(w.Ready)->Remaining = 0),
        (
            CheckedRule.ContextControl,
            w => ClusterLock.Hold(() => SchedulingControls.Release(&w.Context(w.Ready)->ControlBinding))
        ),
        (
            CheckedRule.ThreadControl,
            w => ClusterLock.Hold(() => SchedulingControls.Release(&w.Ready.Thread->ControlBinding))
        ),
        (CheckedRule.ThreadControl, w => w.Receiver.Thread->Priority = 63),
        (CheckedRule.ControlLimits, w => *(ulong*)((byte*)w.World.Slot(w.Control) + 8) += 1ul << 52),
        (CheckedRule.ControlLimits, w => *(ulong*)((byte*)w.World.Slot(w.Control) + 8) -= 1),
        (CheckedRule.ControlAccount, w => w.World.Slot(w.Control)->SetExtent(1)),
        (CheckedRule.ControlAccount, w => w.World.Slot(World.FirstSchedControl)->SetExtent(1)),
        (CheckedRule.ContextBudget, w => w.Context(w.Ready)->Remaining = ulong.MaxValue),
        (CheckedRule.ConsumedTime, w => w.Context(w.Ready)->Consumed = 1ul << 62),
        (CheckedRule.SpaceNumber, w => w.SpaceObject->Identifier = 1),
        (CheckedRule.SpaceNumber, w => ClusterLock.Hold(() => AddressSpaces.Register((AddressSpace*)w.CalledAddress))),
        (CheckedRule.SpaceKernelHalf, w => ((ulong*)w.SpaceObject)[300] = 1),
        (CheckedRule.TableUnknown, w => ((ulong*)w.SpaceObject)[3] = PageTableEntry.ForTable(w.PagePhysical).Value),
        (CheckedRule.PageUnknown, w => *w.Entry = PageTableEntry.ForPlainPage(w.PagePhysical + 4096, 1).Value),
        (CheckedRule.PageUnknown, w => *w.Entry = PageTableEntry.ForPlainPage(w.PagePhysical, 7).Value),
        (CheckedRule.SpaceWalk, w => AddressSpace.MappingOf(w.SpaceObject)->WalkedTable++),
        (CheckedRule.SpaceFaultTable, w => AddressSpace.FaultsOf(w.SpaceObject)->Count = 4),
        (CheckedRule.LoadedSpace, w => w.World.Cpu(0)->CurrentRoot = 0x1000),
        (CheckedRule.DebugOwner, w => w.World.Cpu(1)->DebugOwner = w.Ready.Thread),
        (CheckedRule.SpaceUserRoot, w => ((ulong*)w.SpaceObject)[512] = 1),
        (CheckedRule.CounterWentBack, w => w.World.Cpu(0)->Counters[(int)CpuCounter.TimerInterrupts] = 0),
    ];

    /// <summary>The table of objects would be full: no world of a test has that many.</summary>
    private static readonly CheckedRule[] _notBroken = [CheckedRule.None, CheckedRule.TooManyObjects];

    public static TheoryData<int> Cases => [.. Enumerable.Range(0, _damage.Length)];

    [Theory]
    [MemberData(nameof(Cases))]
    public void ABrokenRuleIsTold(int index)
    {
        (CheckedRule rule, Action<BrokenWorld> damage) = _damage[index];
        var world = new BrokenWorld();
        Assert.Empty(Invariants.Broken(world.World));
        damage(world);
        Assert.Contains(rule, Invariants.Broken(world.World));
    }

    [Fact]
    public void EveryRuleIsBrokenOnce() =>
        Assert.Equal(
            Enum.GetValues<CheckedRule>().Except(_notBroken),
            _damage.Select(entry => entry.Rule).Distinct().Order()
        );
}

/// <summary>A world with a thread in each of the usual states.</summary>
internal sealed unsafe class BrokenWorld
{
    public BrokenWorld()
    {
        Endpoint = World.Make(ObjectType.Endpoint);
        EndpointCopy = World.NewSlot();
        Assert.Equal(Status.Ok, World.Copy(EndpointCopy, Endpoint));
        Receiver = World.Start(0);
        World.Call(0, SystemCall.Recv, Endpoint);
        World.Start(0);
        World.Call(0, SystemCall.Recv, Endpoint);
        uint called = World.Make(ObjectType.Endpoint);
        Server = World.StartPassive(0, called, 12);
        Caller = World.Start(0, 12);
        World.Call(0, SystemCall.Call, called);
        Notification = World.Make(ObjectType.Notification);
        uint waited = World.Make(ObjectType.Notification);
        Waiter = World.Start(0, 21);
        World.Call(0, SystemCall.Wait, waited);
        Running = World.Start(0, 20);
        World.Start(0, 20);
        Ready = World.Start(0, 20);
        uint irq = World.NewSlot();
        Assert.Equal(
            Status.Ok,
            World.Invoke(0, World.IrqControl, (ulong)IrqControlOperation.MakeMsi, World.Pack(0, irq))
        );
        Irq = (IrqHandler*)World.Slot(irq)->Object;
        Control = World.NewSlot();
        Assert.Equal(Status.Ok, World.DeriveControl(Control, World.FirstSchedControl, 63, SchedShare.Whole / 2));
        CalledAddress = (ulong)World.Slot(called)->Object;
        World.Cpu(0)->Count(CpuCounter.TimerInterrupts);
        MakeSpace();
    }

    /// <summary>An address space with one page of a frame that may be read and written.</summary>
    private void MakeSpace()
    {
        uint space = World.Make(ObjectType.AddressSpace);
        SpaceObject = (AddressSpace*)World.Slot(space)->Object;
        for (ulong level = 3; level >= 1; level--)
        {
            uint table = World.Make(ObjectType.PageTable);
            Assert.Equal(Status.Ok, World.Invoke(0, table, (ulong)PageTableOperation.Map, space, PageAddress, level));
        }
        uint frame = World.Make(ObjectType.Frame);
        ulong target = World.Pack(space, (uint)(FrameRights.Read | FrameRights.Write));
        Assert.Equal(Status.Ok, World.Invoke(0, frame, (ulong)FrameOperation.Map, target, PageAddress, 0, 1));
        PagePhysical = World.Slot(frame)->PhysicalBase;
        uint restricted = World.NewSlot();
        Assert.Equal(Status.Ok, World.Copy(restricted, frame, (uint)FrameRights.Read));
        SetRights(frame, (byte)(FrameRights.Read | FrameRights.Write));
    }

    /// <summary>Of a frame, or none at all.</summary>
    public void SetRights(uint slot, byte rights)
    {
        const ulong all =
            (Capability.RightsMask << Capability.RightsShift)
            | Capability.EndpointWithSend
            | Capability.EndpointWithReceive;
        var word = (ulong*)World.Slot(slot);
        *word = (*word & ~all) | ((ulong)rights << Capability.RightsShift);
    }

    /// <summary>A type that Retype would not make.</summary>
    public void Write(uint slot, ObjectType type) =>
        World.Slot(slot)->Write(type, 7, (ulong)World.Slot(slot)->Object, 0, 0);

    public void Sweep(Thread* next)
    {
        EndpointObject->Sweep = 1;
        EndpointObject->SweepNext = next;
    }

    /// <summary>The first of those that are ready, in no list.</summary>
    public Thread* Foremost()
    {
        Skerry.Kernel.Cpu* cpu = World.Cpu(0);
        return cpu->Foremost != null ? cpu->Foremost : ReadyQueues.LeaveList(cpu);
    }

    public void Forget(Thread* foremost)
    {
        Assert.True(World.Cpu(0)->Foremost == foremost);
        World.Cpu(0)->Foremost = null;
    }

    /// <summary>Who runs revokes something, and gives way behind the first step.</summary>
    public RevokeNote* Revoke()
    {
        uint revoked = World.Make(ObjectType.Endpoint);
        World.Copies(revoked, 2);
        Thread* thread = World.Cpu(0)->Current;
        Assert.False(World.InvokeAmongOthers(thread, World.Own, (ulong)CapTableOperation.Revoke, revoked));
        Assert.Empty(Invariants.Broken(World));
        return &World.Cpu(0)->Revoke;
    }

    /// <summary>Ready, with no time left, and nowhere.</summary>
    public void Unqueue(Worker worker)
    {
        ReadyQueues.Remove(World.Cpu(0), worker.Thread);
        Context(worker)->Remaining = 0;
    }

    private const ulong PageAddress = 0x4000_0000;

    public World World { get; } = new(2);

    public IrqHandler* Irq { get; }
    public uint Endpoint { get; }
    public uint EndpointCopy { get; }
    public uint Control { get; }
    public ulong CalledAddress { get; }
    public AddressSpace* SpaceObject { get; private set; }
    public ulong PagePhysical { get; private set; }
    public uint Notification { get; }
    public Worker Receiver { get; }
    public Worker Server { get; }
    public Worker Caller { get; }
    public Worker Running { get; }

    /// <summary>For a notification; that it has time has been asked.</summary>
    public Worker Waiter { get; }
    public Worker Ready { get; }

    public Endpoint* EndpointObject => (Endpoint*)World.Slot(Endpoint)->Object;

    public Notification* NotificationObject => (Notification*)World.Slot(Notification)->Object;

    public ulong SpaceAddress => (ulong)SpaceObject - KernelLayout.DirectMap;

    public ulong* Entry => PageTables.Descend(SpaceObject, PageAddress, PageTables.PageLevel, out _);

    /// <summary>Writes to memory that is known to be zero: the rest of a page behind a small object.</summary>
    public void WriteAboveWatermark()
    {
        World.Make(ObjectType.Endpoint);
        Capability* untyped = World.Slot(World.Untyped);
        *(ulong*)(KernelLayout.DirectMap + untyped->PhysicalBase + UntypedMemory.Watermark(untyped)) = 1;
    }

    public Reply* ReplyObject => Server.Thread->Reply;

    public SchedContext* Context(Worker worker) => worker.Thread->OwnSchedContext;
}
