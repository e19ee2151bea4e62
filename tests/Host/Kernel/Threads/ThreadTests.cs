using Skerry.Abi;
using Skerry.Kernel.Interrupts;
using Skerry.Kernel.Machine;
using Skerry.Kernel.Objects;
using Xunit;

namespace Skerry.Tests.Host.Kernel;

/// <summary>Threads that move, are debugged, run out of time, and whose faults are answered with registers.</summary>
public sealed unsafe class ThreadTests
{
    private const ulong TrapFlag = 1 << 8;
    private const ulong ResumeFlag = 1 << 16;
    private const ulong Step = 1 << 14;

    private readonly World _world = new(2);

    private void Consistent() => Assert.Empty(Invariants.Broken(_world));

    private void Good(Status status)
    {
        Assert.Equal(Status.Ok, status);
        Consistent();
    }

    private Status Move(Worker worker, uint cpu, uint by = 0) =>
        _world.OnThread(worker.Slot, ThreadOperation.SetCpu, World.FirstSchedControl + cpu, by: by);

    /// <summary>An endpoint for the faults of CPU 0, and a passive pager at it.</summary>
    private (uint Endpoint, Worker Pager) MakePager(byte priority = 20)
    {
        uint endpoint = _world.Make(ObjectType.Endpoint);
        uint table = _world.Make(ObjectType.CapTable, sizeBits: 4);
        ulong slot = World.Pack(FaultTable.SlotFor(0), 0);
        Good(_world.Invoke(0, table, (ulong)CapTableOperation.Copy, slot, World.Pack(endpoint, 7)));
        Good(_world.Invoke(0, World.Space, (ulong)AddressSpaceOperation.SetFaultTable, table));
        return (endpoint, _world.StartPassive(0, endpoint, priority, buffer: true));
    }

    private Status SetBreakpoint(Worker worker, BreakpointKind kind, uint length, ulong address) =>
        _world.OnThread(worker.Slot, ThreadOperation.SetBreakpoint, World.Pack(0, (uint)kind | length << 8), address);

    [Fact]
    public void ARunningThreadRunsOnOverThere()
    {
        Worker worker = _world.Start(0);
        Hardware.Clock += 1000;
        Good(Move(worker, 1, by: 1));
        Assert.True(_world.Cpu(0)->Current == null);
        Assert.True(_world.Serve(1) == worker.Thread);
        Assert.Equal(1000ul, ((SchedContext*)_world.Slot(worker.Context)->Object)->Consumed);
        Consistent();
    }

    [Fact]
    public void AThreadMovesItself()
    {
        Worker worker = _world.Start(0);
        ulong info = MessageInfo.Of((ulong)ThreadOperation.SetCpu, 4).Value;
        _world.Call(0, SystemCall.Invoke, worker.Slot, info, World.FirstSchedControl + 1);
        Assert.True(_world.Serve(1) == worker.Thread);
        Assert.Equal(Status.Ok, worker.Status);
        Consistent();
    }

    [Theory]
    [InlineData(SystemCall.Recv)]
    [InlineData(SystemCall.Wait)]
    public void WhatItWaitsForOnItsOldCPUEnds(SystemCall call)
    {
        uint on = _world.Make(call == SystemCall.Recv ? ObjectType.Endpoint : ObjectType.Notification);
        Worker worker = _world.Start(0);
        _world.Call(0, call, on);
        Good(Move(worker, 1));
        Assert.True(_world.Serve(1) == worker.Thread);
        Assert.Equal(Status.WrongCpu, worker.Status);
        Consistent();
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void ACallerThatMovesGetsItsAnswerAndItsTime(bool fast)
    {
        _world.UseFastpath = fast;
        uint endpoint = _world.Make(ObjectType.Endpoint);
        Worker server = _world.StartPassive(0, endpoint);
        Worker client = _world.Start(0);
        _world.Call(0, SystemCall.Call, endpoint);
        Good(Move(client, 1));
        Assert.Equal(ThreadState.AwaitingReply, client.State);
        Assert.True(_world.Cpu(0)->Current == server.Thread);
        _world.Call(0, SystemCall.ReplyRecv, endpoint, 1, 42);
        Assert.True(_world.Serve(1) == client.Thread);
        Assert.Equal(42ul, client.Thread->Word0);
        Assert.True(client.Thread->SchedContext == client.Thread->OwnSchedContext);
        Consistent();
    }

    [Fact]
    public void ASenderThatMovesIsReceivedWhereItWaits()
    {
        uint endpoint = _world.Make(ObjectType.Endpoint);
        Worker client = _world.Start(0, 20);
        _world.Call(0, SystemCall.Call, endpoint, 1, 7);
        Good(Move(client, 1));
        Worker server = _world.Start(0);
        _world.Call(0, SystemCall.Recv, endpoint);
        Assert.Equal(7ul, server.Thread->Word0);
        _world.Call(0, SystemCall.ReplyRecv, endpoint);
        Assert.True(_world.Serve(1) == client.Thread);
        Consistent();
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void AFaulterThatMovesIsAnsweredByThePagerThatHasItsFault(bool waits)
    {
        (uint endpoint, _) = MakePager();
        Worker client = _world.Start(0);
        if (!waits)
        {
            _world.UseFastpath = false;
        }
        _world.Fault(0, 0x5000);
        Good(Move(client, 1));
        Assert.Equal(ThreadState.Faulted, client.State);
        _world.Call(0, SystemCall.ReplyRecv, endpoint);
        Assert.True(_world.Serve(1) == client.Thread);
        Consistent();
    }

    [Fact]
    public void WhoWorksForACallerStays()
    {
        uint endpoint = _world.Make(ObjectType.Endpoint);
        Worker server = _world.StartPassive(0, endpoint);
        Assert.Equal(Status.NoSchedulingContext, Move(server, 1));
        _world.Start(0);
        _world.Call(0, SystemCall.Call, endpoint);
        byte[] before = Snapshot.Take();
        Assert.Equal(Status.InvalidState, Move(server, 1, by: 1));
        Assert.Null(Snapshot.FirstDifference(before, Snapshot.Take()));
        Consistent();
    }

    [Theory]
    [InlineData(ThreadFaults.Capability, SystemCall.Call, 1000u, FaultLabel.Capability)]
    [InlineData(ThreadFaults.Capability, SystemCall.Invoke, 5_000_000u, FaultLabel.Capability)]
    [InlineData(ThreadFaults.UnknownSystemCall, (SystemCall)77, 3u, FaultLabel.UnknownSystemCall)]
    public void ASystemCallThatIsAFaultIsMadeAgain(ThreadFaults faults, SystemCall call, uint slot, FaultLabel label)
    {
        (uint endpoint, Worker pager) = MakePager();
        Worker client = _world.Start(0);
        client.Thread->Rip = 0x2002;
        _world.Call(0, call, slot);
        Assert.True(_world.Cpu(0)->Current == client.Thread);
        Assert.True(client.Status is Status.InvalidCapability or Status.UnknownSystemCall);
        Good(_world.OnThread(client.Slot, ThreadOperation.SetFaults, (ulong)faults));
        Assert.True(_world.Call(0, call, slot) == pager.Thread);
        Assert.Equal((ulong)label, new MessageInfo(pager.Thread->Info).Label);
        bool unknown = label == FaultLabel.UnknownSystemCall;
        Assert.Equal(unknown ? (ulong)call : slot, pager.Thread->Word0);
        Assert.Equal(unknown ? slot : (ulong)call, pager.Thread->Word2);
        Assert.Equal(0x2000ul, pager.Thread->Word1);
        Consistent();
        Assert.True(_world.Call(0, SystemCall.ReplyRecv, endpoint) == client.Thread);
        Assert.Equal((ulong)call, client.Thread->Rax);
        Assert.Equal(slot, client.Thread->Rdi);
        Consistent();
    }

    [Fact]
    public void AnArgumentThatNamesNothingIsNoFault()
    {
        MakePager();
        Worker client = _world.Start(0);
        _world.OnThread(client.Slot, ThreadOperation.SetFaults, (ulong)ThreadFaults.All);
        ulong info = MessageInfo.Of((ulong)ThreadOperation.SetReply, 4).Value;
        Assert.True(_world.Call(0, SystemCall.Invoke, client.Slot, info, 999) == client.Thread);
        Assert.Equal(Status.InvalidCapability, client.Status);
        Consistent();
    }

    [Fact]
    public void ABudgetThatEndsIsAFault()
    {
        (uint endpoint, _) = MakePager();
        Worker handler = _world.Start(0, 30);
        _world.Call(0, SystemCall.Recv, endpoint);
        Worker client = _world.Start(0);
        Good(_world.Configure(client.Context, 100, 1000));
        Good(_world.OnThread(client.Slot, ThreadOperation.SetFaults, (ulong)ThreadFaults.Timeout));
        // The passive pager came first; its turn is over when it has this page fault.
        _world.Fault(0, 0x5000);
        _world.Call(0, SystemCall.ReplyRecv, endpoint);
        _world.Fault(0, 0x6000);
        Assert.True(_world.Cpu(0)->Current == handler.Thread);
        _world.Call(0, SystemCall.ReplyRecv, endpoint);
        Hardware.Clock += 101 * World.TicksPerMicrosecond;
        _world.Tick(0);
        Assert.Equal(ThreadState.Faulted, client.State);
        Consistent();
    }

    [Fact]
    public void AFaultIsAnsweredWithRegisters()
    {
        (uint endpoint, Worker pager) = MakePager();
        Worker client = _world.Start(0);
        client.Thread->Rdx = 5;
        _world.Fault(0, 0x5000);
        ulong info = MessageInfo.Of(FaultReply.SetRegisters, RegisterWords.Short).Value;
        Assert.True(_world.Call(0, SystemCall.ReplyRecv, endpoint, info, UserLayout.UserEnd) == pager.Thread);
        Assert.Equal(Status.InvalidAddress, pager.Status);
        ulong three = MessageInfo.Of(FaultReply.SetRegisters, 3).Value;
        _world.Call(0, SystemCall.ReplyRecv, endpoint, three, 0x1000);
        Assert.Equal(Status.InvalidArgument, pager.Status);
        Assert.Equal(ThreadState.Faulted, client.State);
        Consistent();
        Assert.True(
            _world.Call(0, SystemCall.ReplyRecv, endpoint, info, 0x1000, 0x2000, ulong.MaxValue, 9) == client.Thread
        );
        Assert.Equal(0x1000ul, client.Thread->Rip);
        Assert.Equal(0x2000ul, client.Thread->Rsp);
        Assert.Equal(RegisterWords.ChangeableFlags | 0x202, client.Thread->Rflags);
        Assert.Equal(9ul, client.Thread->Rax);
        Assert.Equal(5ul, client.Thread->Rdx);
        _world.Fault(0, 0x5000);
        for (int i = RegisterWords.Short; i < RegisterWords.Count; i++)
        {
            pager.Thread->Buffer->Words[i] = 100 + (ulong)(uint)i;
        }
        ulong all = MessageInfo.Of(FaultReply.SetRegisters, RegisterWords.Count).Value;
        Assert.True(_world.Call(0, SystemCall.ReplyRecv, endpoint, all, 0x1000) == client.Thread);
        Assert.Equal(106ul, client.Thread->Rdx);
        Assert.Equal(117ul, client.Thread->Word3);
        Consistent();
    }

    [Fact]
    public void AStepIsAFaultAndTheThreadNeverTakesAFastpath()
    {
        (uint endpoint, Worker pager) = MakePager();
        Worker client = _world.Start(0);
        Good(_world.OnThread(client.Slot, ThreadOperation.SetSingleStep, 1));
        Assert.NotEqual(0ul, client.Thread->Rflags & TrapFlag);
        Assert.True(_world.Cpu(0)->DebugOwner == client.Thread);
        Assert.True(_world.DebugException(0, Step) == pager.Thread);
        Assert.Equal((ulong)FaultLabel.Debug, new MessageInfo(pager.Thread->Info).Label);
        Assert.Equal(Step, pager.Thread->Word0);
        Consistent();
        int before = _world.FastCalls;
        Assert.True(_world.Call(0, SystemCall.ReplyRecv, endpoint) == client.Thread);
        // After a system call too.
        _world.Call(0, SystemCall.Yield, 0);
        Assert.True(_world.Cpu(0)->Current == client.Thread);
        Assert.NotEqual(0ul, client.Thread->Rflags & TrapFlag);
        Assert.Equal(before, _world.FastCalls);
        Good(_world.OnThread(client.Slot, ThreadOperation.SetSingleStep, 0));
        Assert.Equal(0ul, client.Thread->Rflags & TrapFlag);
        Assert.True(_world.Cpu(0)->DebugOwner == null);
    }

    [Fact]
    public void BreakpointsAreLoadedForTheirThreadAlone()
    {
        (uint endpoint, Worker pager) = MakePager();
        Worker client = _world.Start(0);
        Good(SetBreakpoint(client, BreakpointKind.Execute, 1, 0x7000));
        Assert.Equal(0x7000ul, DebugRegisters.Address0);
        Assert.Equal(1ul, DebugRegisters.Control);
        Assert.True(_world.DebugException(0, 1) == pager.Thread);
        Assert.Equal(0ul, DebugRegisters.Control);
        Assert.Equal(0x7000ul, pager.Thread->Word2);
        Assert.True(_world.Call(0, SystemCall.ReplyRecv, endpoint) == client.Thread);
        Assert.NotEqual(0ul, client.Thread->Rflags & ResumeFlag);
        Assert.Equal(1ul, DebugRegisters.Control);
        Good(SetBreakpoint(client, BreakpointKind.Write, 8, 0x8000));
        Assert.Equal(1ul | 0b1001ul << 16, DebugRegisters.Control);
        Good(_world.OnThread(client.Slot, ThreadOperation.ClearBreakpoint));
        Assert.Equal(0ul, DebugRegisters.Control);
    }

    [Fact]
    public void APagerThatHitsItsFaulterSBreakpointGoesOn()
    {
        (uint endpoint, Worker pager) = MakePager();
        Worker client = _world.Start(0);
        Good(SetBreakpoint(client, BreakpointKind.Execute, 1, 0x7000));
        Assert.True(_world.Fault(0, 0x5000) == pager.Thread);
        Assert.Equal(1ul, DebugRegisters.Control);
        Consistent();
        Assert.True(_world.DebugException(0, 1) == pager.Thread);
        Assert.Equal(0ul, DebugRegisters.Control);
        Consistent();
        Assert.True(_world.Call(0, SystemCall.ReplyRecv, endpoint) == client.Thread);
        Assert.Equal(1ul, DebugRegisters.Control);
    }

    [Fact]
    public void AWaitThatGivesWayToADebuggedThreadLoadsItsBreakpoints()
    {
        uint notification = _world.Make(ObjectType.Notification);
        Worker first = _world.Start(0);
        Worker second = _world.Start(0);
        Good(SetBreakpoint(second, BreakpointKind.Execute, 1, 0x7000));
        Assert.True(_world.Cpu(0)->Current == first.Thread);
        int before = _world.FastCalls;
        Assert.True(_world.Call(0, SystemCall.Wait, notification) == second.Thread);
        Assert.Equal(before, _world.FastCalls);
        Assert.Equal(1ul, DebugRegisters.Control);
        Consistent();
    }

    [Fact]
    public void YieldToTakesWhomItNamesFirst()
    {
        Worker caller = _world.Start(0);
        Worker second = _world.Start(0);
        Worker third = _world.Start(0);
        Worker low = _world.Start(0, 5);
        Assert.True(_world.Cpu(0)->Current == caller.Thread);
        ulong info = MessageInfo.Of((ulong)SchedContextOperation.YieldTo, 4).Value;
        Assert.True(_world.Call(0, SystemCall.Invoke, third.Context, info) == third.Thread);
        Consistent();
        Assert.True(_world.Call(0, SystemCall.Invoke, low.Context, info) == third.Thread);
        Assert.Equal(Status.InvalidArgument, third.Status);
        Assert.True(_world.Call(0, SystemCall.Invoke, caller.Context, info) == caller.Thread);
        Assert.Equal(ThreadState.Ready, second.State);
        Consistent();
    }

    /// <summary>A better thread would decide for ever who of two equals below it comes first.</summary>
    [Fact]
    public void YieldToIsBetweenEqualsAlone()
    {
        Worker first = _world.Start(0, 5);
        Worker second = _world.Start(0, 5);
        Worker better = _world.Start(0, 20);
        ulong info = MessageInfo.Of((ulong)SchedContextOperation.YieldTo, 4).Value;
        Assert.True(_world.Call(0, SystemCall.Invoke, second.Context, info) == better.Thread);
        Assert.Equal(Status.InvalidArgument, better.Status);
        Good(_world.OnThread(better.Slot, ThreadOperation.Suspend));
        Assert.True(_world.Cpu(0)->Current == first.Thread);
        Consistent();
    }
}
