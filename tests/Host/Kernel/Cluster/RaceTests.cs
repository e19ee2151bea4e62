using System.Collections.Generic;
using System.Runtime.Intrinsics.X86;
using Skerry.Abi;
using Skerry.Kernel;
using Skerry.Kernel.Capabilities;
using Skerry.Kernel.Cluster;
using Skerry.Kernel.Ipc;
using Skerry.Kernel.Objects;
using Skerry.Kernel.Scheduling;
using Xunit;

namespace Skerry.Tests.Host.Kernel;

/// <summary>
/// What one CPU uses without the lock while another takes it away or changes it: each order of the two. CPU 0 makes the
/// change; where it has to wait for CPU 1, nothing that CPU 1 uses may have changed.
/// </summary>
public sealed unsafe class RaceTests
{
    private const int LongWords = 10;

    private readonly World _world = new();

    private static ulong LongInfo => MessageInfo.Of(0, LongWords).Value;

    private void Consistent() => Assert.Empty(Invariants.Broken(_world));

    /// <summary>CPU 1 is in the kernel; CPU 0 does this and has to wait for it.</summary>
    private void WaitsForTheOther(System.Action change)
    {
        X86Base.InKernel = 1;
        Assert.Throws<WaitException>(change);
        X86Base.InKernel = -1;
    }

    [Fact]
    public void AThreadStopsBeforeItsAddressSpaceGoes()
    {
        uint untyped = _world.Make(ObjectType.Untyped, sizeBits: 14);
        uint space = _world.NewSlot();
        Assert.Equal(Status.Ok, _world.Retype(untyped, ObjectType.AddressSpace, space));
        Worker worker = _world.MakeThread(1);
        Assert.Equal(Status.Ok, _world.OnThread(worker.Slot, ThreadOperation.SetSpaces, World.Pack(World.Own, space)));
        Assert.Equal(Status.Ok, _world.Delete(space));
        _world.Resume(worker);
        int letGo = 0;
        X86Base.Waited = index =>
        {
            Cpu* cpu = _world.Cpu(index);
            bool goesOn = cpu->Shared.RendezvousRequest == 0 && cpu->Current == worker.Thread;
            Assert.False(goesOn && cpu->CurrentRoot != worker.Thread->Root, "it goes on without its address space");
            letGo++;
        };
        Assert.Equal(Status.Ok, _world.Revoke(untyped));
        Assert.NotEqual(0, letGo);
        Assert.Equal(ThreadState.Inactive, worker.State);
        Consistent();
    }

    [Fact]
    public void AMessageBufferGoesWhenNoMessageIsBeingCopied()
    {
        (Worker client, uint endpoint) = MakeLongCaller(out uint untyped);
        bool whole = true;
        ReadPoint.At(
            ReadPlace.MessageBuffer,
            () =>
            {
                WaitsForTheOther(() => _world.Revoke(untyped));
                whole = client.Thread->Buffer != null;
            }
        );
        _world.Call(1, SystemCall.Call, endpoint, LongInfo);
        Assert.False(ReadPoint.IsAwaited);
        Assert.True(whole);
        Assert.Equal(1, _world.FastCalls);
    }

    [Fact]
    public void AMessageThatIsUnderWayArrivesBeforeItsBufferGoes()
    {
        (Worker client, uint endpoint) = MakeLongCaller(out uint untyped);
        var page = (ulong*)client.Thread->Buffer;
        int arrived = 0;
        X86Base.Waiting = index =>
        {
            if (_world.Cpu(1)->Current == client.Thread)
            {
                _world.Call(1, SystemCall.Call, endpoint, LongInfo);
                arrived = new MessageInfo(_world.Cpu(1)->Current->Info).Length;
            }
        };
        Assert.Equal(Status.Ok, _world.Revoke(untyped));
        X86Base.Reset();
        Assert.Equal(LongWords, arrived);
        Assert.True(client.Thread->Buffer == null);
        page[5] = 5;
        // The answer is as long, and of it there are four words for a caller without a buffer.
        _world.Call(1, SystemCall.ReplyRecv, endpoint, LongInfo);
        Assert.Equal(MessageLimits.RegisterWords, new MessageInfo(client.Thread->Info).Length);
        Assert.Equal(5ul, page[5]);
        _world.Call(1, SystemCall.Call, endpoint, LongInfo);
        Assert.Equal(Status.MessageTooLong, client.Status);
        Consistent();
    }

    /// <summary>A client and a server with buffers on CPU 1; the client's is made of an untyped of its own.</summary>
    private (Worker Client, uint Endpoint) MakeLongCaller(out uint untyped)
    {
        uint endpoint = _world.Make(ObjectType.Endpoint, cpu: 1);
        _world.StartPassive(1, endpoint, buffer: true);
        Worker client = _world.MakeThread(1);
        untyped = _world.Make(ObjectType.Untyped, sizeBits: 12);
        uint frame = _world.NewSlot();
        Assert.Equal(Status.Ok, _world.Retype(untyped, ObjectType.Frame, frame));
        Assert.Equal(Status.Ok, _world.OnThread(client.Slot, ThreadOperation.SetBuffer, frame));
        _world.Resume(client);
        return (client, endpoint);
    }

    [Fact]
    public void AFaultTableIsReplacedWhenNoFaultReadsIt()
    {
        uint endpoint = MakePager();
        uint large = MakeFaultTable(endpoint, sizeBits: 4);
        uint small = MakeFaultTable(endpoint, sizeBits: 1);
        Assert.Equal(Status.Ok, SetFaultTable(large));
        Worker faulter = _world.Start(1);
        ReadPoint.At(
            ReadPlace.FaultTableCount,
            () =>
            {
                WaitsForTheOther(() => SetFaultTable(small));
                // Whoever faults from now on finds none, and waits for the lock; this one has the old one.
                var space = (AddressSpace*)_world.Slot(World.Space)->Object;
                Assert.False(FaultTables.Has(space, FaultTable.SlotFor(1)));
                Assert.True(AddressSpace.FaultsOf(space)->Table == _world.Slot(large)->Object);
            }
        );
        Assert.True(_world.Fault(1, 0x5000) != null);
        Assert.False(ReadPoint.IsAwaited);
        Assert.Equal(ThreadState.Faulted, faulter.State);
        Assert.True(faulter.Thread->AwaitedReply != null);
    }

    [Fact]
    public void AFaultTableGoesWhenNoFaultReadsIt()
    {
        uint table = MakeFaultTable(MakePager(), sizeBits: 2);
        Assert.Equal(Status.Ok, SetFaultTable(table));
        _world.Start(1);
        bool waited = false;
        ReadPoint.At(
            ReadPlace.FaultTableCount,
            () =>
            {
                WaitsForTheOther(() => _world.Revoke(table));
                waited = true;
            }
        );
        Assert.True(_world.Fault(1, 0x5000) != null);
        Assert.True(waited);
    }

    [Fact]
    public void AFaultTableThatNobodyRunsWithIsReplacedAtOnce()
    {
        uint endpoint = MakePager();
        Assert.Equal(Status.Ok, SetFaultTable(MakeFaultTable(endpoint, sizeBits: 4)));
        X86Base.InKernel = 1;
        Assert.Equal(Status.Ok, SetFaultTable(MakeFaultTable(endpoint, sizeBits: 1)));
        Consistent();
    }

    /// <summary>A pager on CPU 1.</summary>
    /// <returns>Its endpoint.</returns>
    private uint MakePager()
    {
        uint endpoint = _world.Make(ObjectType.Endpoint, cpu: 1);
        _world.StartPassive(1, endpoint);
        return endpoint;
    }

    /// <summary>With the endpoint in CPU 1's slot, if it has one.</summary>
    private uint MakeFaultTable(uint endpoint, uint sizeBits)
    {
        uint table = _world.Make(ObjectType.CapTable, sizeBits: sizeBits);
        uint slot = FaultTable.SlotFor(1);
        if (slot < 1u << (int)sizeBits)
        {
            Status status = _world.Invoke(
                0,
                table,
                (ulong)CapTableOperation.Copy,
                World.Pack(slot, 0),
                World.Pack(endpoint, 7)
            );
            Assert.Equal(Status.Ok, status);
        }
        return table;
    }

    private Status SetFaultTable(uint table) =>
        _world.Invoke(0, World.Space, (ulong)AddressSpaceOperation.SetFaultTable, table);

    /// <summary>The doorbell's badge is 4; while the interrupt reads it, it is taken away, or badge 8 is bound.</summary>
    [Theory]
    [InlineData(0ul)]
    [InlineData(8ul)]
    public void ADoorbellSignalsWhatWasBoundAtOneMoment(ulong newBadge)
    {
        uint notification = _world.Make(ObjectType.Notification);
        uint badged = _world.NewSlot();
        Assert.Equal(Status.Ok, _world.Mint(badged, notification, 4));
        Assert.Equal(Status.Ok, BindDoorbell(badged));
        ReadPoint.At(
            ReadPlace.SlotWord,
            () =>
            {
                ulong putAside = 0;
                ulong mark = 0;
                ClusterLock.Hold(() => Deletion.Revoke(_world.Cpu(1), _world.Slot(badged), ref putAside, ref mark));
                if (newBadge != 0)
                {
                    ClusterLock.Hold(() =>
                        Copying.Derive(_world.Slot(notification), &_world.Cpu(0)->DoorbellBinding, 7, newBadge)
                    );
                    _world.Cpu(0)->DoorbellBinding.SetBinding(BindingKind.Doorbell);
                }
            }
        );
        Doorbells.Received(_world.Cpu(0));
        Assert.False(ReadPoint.IsAwaited);
        Assert.Equal(newBadge, _world.PollBits(notification));
        Consistent();
    }

    /// <summary>An interrupt that is on its way signals whom it was for: the next driver's handler opens afterwards.</summary>
    [Fact]
    public void AHandlerGetsAnotherNotificationWhenNoInterruptReadsTheOldOne()
    {
        (uint handler, _) = _world.OpenIrq(5, 1, InterruptFlags.None);
        ReadPoint.At(
            ReadPlace.SlotWord,
            () => WaitsForTheOther(() => _world.OnIrq(handler, IrqHandlerOperation.Clear))
        );
        _world.Receive(1, _world.Irq(handler)->Vector);
        Assert.False(ReadPoint.IsAwaited);
    }

    private Status BindDoorbell(uint notification) =>
        _world.Invoke(0, World.FirstCpuControl, (ulong)CpuControlOperation.BindDoorbell, notification);

    /// <summary>A debugged thread's breakpoints go from its CPU while it waits for an answer from another one.</summary>
    [Fact]
    public void BreakpointsGoWithoutALookAtAnotherCPUSReply()
    {
        uint endpoint = _world.Make(ObjectType.Endpoint, cpu: 1);
        _world.StartPassive(1, endpoint);
        Worker client = _world.Start(0);
        ulong kind = World.Pack(0, (uint)BreakpointKind.Execute | 1u << 8);
        Assert.Equal(Status.Ok, _world.OnThread(client.Slot, ThreadOperation.SetBreakpoint, kind, 0x7000));
        _world.Choose(0);
        Assert.True(_world.Cpu(0)->DebugOwner == client.Thread);
        // CPU 0 idles with the breakpoints loaded; CPU 1's server takes the call.
        Assert.True(_world.Call(0, SystemCall.Call, endpoint) == null);
        _world.Serve(1);
        Assert.Equal(ThreadState.AwaitingReply, client.State);
        bool answered = false;
        ReadPoint.At(
            ReadPlace.ReplyMark,
            () =>
            {
                _world.Call(1, SystemCall.ReplyRecv, endpoint);
                answered = true;
            }
        );
        Worker next = _world.Start(0);
        Assert.False(answered, "the mark was taken away beside the other CPU's answer");
        Assert.True(_world.Cpu(0)->DebugOwner == null);
        Assert.True(next.State == ThreadState.Running);
        ReadPoint.Reset();
        Consistent();
    }

    [Fact]
    public void ASchedulingContextSOwnerStandsStillWhenItGoes()
    {
        uint endpoint = _world.Make(ObjectType.Endpoint);
        _world.StartPassive(0, endpoint);
        Worker client = _world.Start(1);
        _world.Call(1, SystemCall.Call, endpoint);
        _world.Serve(0);
        Assert.True(_world.Cpu(0)->Charged != null && client.Thread->SchedContext == null);
        var asked = new List<uint>();
        X86Base.Waiting = asked.Add;
        Assert.Equal(Status.Ok, _world.Delete(client.Context));
        Assert.Contains(1u, asked);
        X86Base.Reset();
        Consistent();
    }
}
