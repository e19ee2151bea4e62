using Skerry.Abi;
using Skerry.Kernel.Objects;
using Xunit;

namespace Skerry.Tests.Host.Kernel;

/// <summary>
/// A thread that stands in its ready queue to have told that it has no time, and is given some: it stands there once, or runs.
/// </summary>
public sealed unsafe class TimeComesBackTests
{
    private readonly World _world = new(2);

    private static void Good(Status status) => Assert.Equal(Status.Ok, status);

    /// <summary>A client that wants NoTime told is suspended in its call and resumed; the server still has its time.</summary>
    [Fact]
    public void ItsOwnTimeComesBackFromAServerOfItsCPU()
    {
        uint endpoint = _world.Make(ObjectType.Endpoint);
        Worker server = _world.StartPassive(0, endpoint, priority: 20);
        Worker client = _world.Start(0, 10);
        Worker equal = _world.MakeThread(0, 10);
        Good(_world.OnThread(client.Slot, ThreadOperation.SetFaults, (ulong)ThreadFaults.NoTime));
        _world.Call(0, SystemCall.Call, endpoint);
        Assert.True(_world.Cpu(0)->Current == server.Thread);
        Good(_world.OnThread(equal.Slot, ThreadOperation.Resume));
        Good(_world.OnThread(client.Slot, ThreadOperation.Suspend));
        Good(_world.OnThread(client.Slot, ThreadOperation.Resume));
        Assert.True(_world.Cpu(0)->Current == server.Thread);
        Assert.Equal(ThreadState.Ready, client.State);
        Assert.Empty(Invariants.Broken(_world));
        // The server waits for the next caller, which gives the context back to its owner.
        _world.Call(0, SystemCall.Recv, endpoint);
        Assert.Equal(ThreadState.Receiving, server.State);
        Assert.Empty(Invariants.Broken(_world));
    }

    [Fact]
    public void ItsOwnTimeComesBackFromAServerOfAnotherCPU()
    {
        uint endpoint = _world.Make(ObjectType.Endpoint, cpu: 1);
        Worker server = _world.StartPassive(1, endpoint, priority: 20);
        Worker client = _world.Start(0, 10);
        Good(_world.OnThread(client.Slot, ThreadOperation.SetFaults, (ulong)ThreadFaults.NoTime));
        _world.Call(0, SystemCall.Call, endpoint);
        _world.Serve(1);
        Assert.True(_world.Cpu(1)->Current == server.Thread);
        Worker better = _world.Start(0, 40);
        Assert.True(_world.Cpu(0)->Current == better.Thread);
        Good(_world.OnThread(client.Slot, ThreadOperation.Suspend, by: 0));
        Good(_world.OnThread(client.Slot, ThreadOperation.Resume, by: 0));
        Assert.True(_world.Cpu(0)->Current == better.Thread);
        Assert.True(_world.Cpu(1)->Current == server.Thread);
        Assert.Equal(ThreadState.Ready, client.State);
        Assert.Empty(Invariants.Broken(_world));
        _world.Call(1, SystemCall.Recv, endpoint);
        Assert.Equal(ThreadState.Receiving, server.State);
        _world.Serve(0);
        Assert.Empty(Invariants.Broken(_world));
        Good(_world.OnThread(better.Slot, ThreadOperation.Suspend));
        Assert.True(_world.Cpu(0)->Current == client.Thread);
        Assert.True(((SchedContext*)_world.Slot(client.Context)->Object)->Holder == client.Thread);
    }

    /// <summary>Standing twice in the queue it stayed there once, and its memory, used anew, was what the CPU ran next.</summary>
    [Fact]
    public void AThreadThatIsDeletedThenDoesNotRun()
    {
        uint endpoint = _world.Make(ObjectType.Endpoint);
        uint other = _world.Make(ObjectType.Endpoint);
        uint untyped = _world.Make(ObjectType.Untyped, sizeBits: 12);
        uint slot = _world.NewSlot();
        Worker server = _world.StartPassive(0, endpoint, priority: 20);
        Good(_world.Retype(untyped, ObjectType.Thread, slot));
        Good(_world.OnThread(slot, ThreadOperation.SetSpaces, World.Pack(World.Own, World.Space), 1));
        Good(_world.Schedule(slot, 10, _world.MakeTime()));
        Good(_world.OnThread(slot, ThreadOperation.SetFaults, (ulong)ThreadFaults.NoTime));
        Thread* client = _world.ThreadAt(slot);
        Good(_world.OnThread(slot, ThreadOperation.Resume));
        _world.Serve(0);
        Worker equal = _world.MakeThread(0, 10);
        Assert.True(_world.Cpu(0)->Current == client);
        _world.Call(0, SystemCall.Call, endpoint);
        Good(_world.OnThread(equal.Slot, ThreadOperation.Resume));
        Good(_world.OnThread(slot, ThreadOperation.Suspend));
        Good(_world.OnThread(slot, ThreadOperation.Resume));
        _world.Call(0, SystemCall.Recv, endpoint);
        Assert.True(_world.Cpu(0)->Current == client);
        _world.Call(0, SystemCall.Recv, other);
        Assert.True(_world.Cpu(0)->Current == equal.Thread);
        // By a manager on the other CPU.
        Good(_world.Revoke(untyped, by: 1));
        Good(_world.Invoke(1, untyped, (ulong)UntypedOperation.Reset));
        ulong word = World.RetypeWord(ObjectType.Frame);
        Good(_world.Invoke(1, untyped, (ulong)UntypedOperation.Retype, word, World.Pack(0, _world.NewSlot()), 1));
        Assert.True(_world.Cpu(0)->Current == equal.Thread);
        // The memory is user mode's. It writes what a thread is made of: an address space, and a context with time.
        client->Root = 0x1234000;
        client->SchedContext = (SchedContext*)_world.Slot(equal.Context)->Object;
        client->Rank = 11;
        client->PriorityBit = 1 << 10;
        client->State = ThreadState.Ready;
        _world.Call(0, SystemCall.Yield, 0);
        Assert.False(
            _world.Cpu(0)->Current == client,
            $"user memory runs as a thread, on root {_world.Cpu(0)->CurrentRoot:x}"
        );
    }
}
