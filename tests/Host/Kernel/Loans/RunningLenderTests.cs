using System.Reflection;
using Skerry.Abi;
using Skerry.Kernel;
using Skerry.Kernel.Cluster;
using Skerry.Kernel.Ipc;
using Skerry.Kernel.Machine;
using Skerry.Kernel.Objects;
using Skerry.Kernel.Scheduling;
using Xunit;

namespace Skerry.Tests.Host.Kernel;

/// <summary>What is given back to a thread of another CPU, of which the object says nothing as it runs in user mode.</summary>
public sealed unsafe class RunningLenderTests
{
    private readonly World _world = new(2);

    private static readonly delegate* <ulong, Cpu*, Thread*, ulong, ulong> _wait = (delegate* <
        ulong,
        Cpu*,
        Thread*,
        ulong,
        ulong>)
        typeof(FastSignals)
            .GetMethod("Wait", BindingFlags.NonPublic | BindingFlags.Static)!
            .MethodHandle.GetFunctionPointer();

    private static void Good(Status status) => Assert.Equal(Status.Ok, status);

    /// <summary>S of CPU 0 has A's context, by T of CPU 1, which was suspended in its call, and runs on its own.</summary>
    private (uint E0, Worker A, uint TSlot, Worker S, Worker X, uint Untyped) Prepare()
    {
        uint e0 = _world.Make(ObjectType.Endpoint, cpu: 0);
        uint e1 = _world.Make(ObjectType.Endpoint, cpu: 1);
        uint note = _world.Make(ObjectType.Notification, cpu: 1);
        uint own = _world.MakeTime(1);
        Worker s = _world.StartPassive(0, e0, priority: 20);
        // T, passive, of memory of its own.
        uint untyped = _world.Make(ObjectType.Untyped, sizeBits: 12);
        uint t = _world.NewSlot();
        uint reply = _world.Make(ObjectType.Reply, 1);
        uint first = _world.MakeTime(1);
        Good(_world.Retype(untyped, ObjectType.Thread, t, cpu: 1));
        Good(_world.OnThread(t, ThreadOperation.SetSpaces, World.Pack(World.Own, World.Space), 1));
        Good(_world.OnThread(t, ThreadOperation.SetReply, reply));
        Good(_world.Schedule(t, 62, first));
        Good(_world.OnThread(t, ThreadOperation.Resume));
        _world.Serve(1);
        Thread* thread = _world.ThreadAt(t);
        Assert.True(_world.Cpu(1)->Current == thread);
        _world.Call(1, SystemCall.Recv, e1);
        Good(_world.Schedule(t, 10));
        Good(_world.Delete(first));
        Worker a = _world.Start(0, 10);
        _world.Call(0, SystemCall.Call, e1);
        _world.Serve(1);
        Assert.True(_world.Cpu(1)->Current == thread);
        // While it runs on A's time it gets some of its own, for later.
        Good(_world.Schedule(t, 10, own));
        Assert.True(thread->SchedContext == ((SchedContext*)_world.Slot(a.Context)->Object));
        _world.Call(1, SystemCall.Call, e0);
        _world.Serve(0);
        Assert.True(_world.Cpu(0)->Current == s.Thread);
        Assert.True(s.Thread->SchedContext == ((SchedContext*)_world.Slot(a.Context)->Object));
        Assert.Empty(Invariants.Broken(_world));
        // T's manager ends its call.
        Good(_world.OnThread(t, ThreadOperation.Suspend));
        Good(_world.OnThread(t, ThreadOperation.Resume));
        _world.Serve(1);
        Assert.True(_world.Cpu(1)->Current == thread);
        Assert.True(thread->SchedContext == thread->OwnSchedContext);
        // A better one runs, and waits: T goes on in user mode, by the short way.
        Worker x = _world.Start(1, 30);
        Assert.True(_world.Cpu(1)->Current == x.Thread);
        Assert.Equal(ThreadState.Ready, thread->State);
        RunningThread.TakeBack(x.Thread);
        Assert.True(_wait(note, _world.Cpu(1), x.Thread, Hardware.Clock) == (ulong)thread);
        Assert.True(_world.Cpu(1)->Current == thread);
        Assert.Equal(ThreadState.Ready, thread->State);
        return (e0, a, t, s, x, untyped);
    }

    /// <summary>As Traps.FromUser does.</summary>
    private void TakeRequestInterrupt()
    {
        RunningThread.WriteDown(_world.Cpu(1));
        _world.Serve(1);
    }

    [Fact]
    public void AThreadThatRunsInUserModeIsHandedNothing()
    {
        (uint e0, _, uint t, Worker s, _, _) = Prepare();
        Thread* thread = _world.ThreadAt(t);
        _world.Call(0, SystemCall.Recv, e0);
        Assert.Equal(ThreadState.Receiving, s.State);
        Assert.False(
            (thread->Flags & ThreadFlags.Handed) != 0,
            "the thread that runs on CPU 1 is in CPU 1's request list"
        );
    }

    [Fact]
    public void NorDoesItStandInAQueueWhileItRuns()
    {
        (uint e0, _, uint t, _, _, _) = Prepare();
        Thread* thread = _world.ThreadAt(t);
        _world.Call(0, SystemCall.Recv, e0);
        TakeRequestInterrupt();
        Assert.False(ReadyQueues.Has(_world.Cpu(1), thread) && _world.Cpu(1)->Current == thread);
    }

    [Fact]
    public void NorDoesItsMemoryRunAsAThreadWhenItIsDeleted()
    {
        (uint e0, _, uint t, _, Worker x, uint untyped) = Prepare();
        Thread* thread = _world.ThreadAt(t);
        _world.Call(0, SystemCall.Recv, e0);
        TakeRequestInterrupt();
        Assert.True(_world.Cpu(1)->Current == thread);
        Worker y = _world.Start(1, 30);
        Assert.True(_world.Cpu(1)->Current == y.Thread);
        Good(_world.Revoke(untyped, by: 0));
        Good(_world.Invoke(0, untyped, (ulong)UntypedOperation.Reset));
        ulong word = World.RetypeWord(ObjectType.Frame);
        Good(_world.Invoke(0, untyped, (ulong)UntypedOperation.Retype, word, World.Pack(0, _world.NewSlot()), 1));
        // The memory is user mode's.
        thread->Root = 0x1234000;
        thread->SchedContext = (SchedContext*)_world.Slot(x.Context)->Object;
        thread->Rank = 11;
        thread->PriorityBit = 1 << 10;
        thread->State = ThreadState.Ready;
        Good(_world.OnThread(y.Slot, ThreadOperation.Suspend));
        Assert.False(
            _world.Cpu(1)->Current == thread,
            $"user memory runs as a thread, on root {_world.Cpu(1)->CurrentRoot:x}"
        );
    }
}
