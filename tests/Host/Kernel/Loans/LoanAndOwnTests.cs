using Skerry.Abi;
using Skerry.Kernel.Objects;
using Xunit;

namespace Skerry.Tests.Host.Kernel;

/// <summary>A server that lent on what it borrowed, was taken out of its call, and runs on its own time.</summary>
public sealed unsafe class LoanAndOwnTests
{
    private readonly World _world = new(1);

    private static void Good(Status status) => Assert.Equal(Status.Ok, status);

    private SchedContext* At(uint slot) => (SchedContext*)_world.Slot(slot)->Object;

    private (uint E0, uint E1, Worker Client, Worker Middle, Worker Last, uint Own) Prepare()
    {
        uint e0 = _world.Make(ObjectType.Endpoint);
        uint e1 = _world.Make(ObjectType.Endpoint);
        Worker last = _world.StartPassive(0, e0, priority: 10);
        Worker middle = _world.StartPassive(0, e1, priority: 10);
        Worker client = _world.Start(0, 10);
        _world.Call(0, SystemCall.Call, e1);
        Assert.True(_world.Cpu(0)->Current == middle.Thread);
        uint own = _world.MakeTime();
        Good(_world.Schedule(middle.Slot, 10, own));
        _world.Call(0, SystemCall.Call, e0);
        Assert.True(_world.Cpu(0)->Current == last.Thread);
        Assert.Empty(Invariants.Broken(_world));
        Good(_world.OnThread(middle.Slot, ThreadOperation.Suspend));
        Good(_world.OnThread(middle.Slot, ThreadOperation.Resume));
        return (e0, e1, client, middle, last, own);
    }

    [Fact]
    public void WhatItBorrowedIsForgotten()
    {
        Prepare();
        Assert.Empty(Invariants.Broken(_world));
    }

    [Fact]
    public void ItsAnswerDoesNotGiveItsOwnTimeToTheCaller()
    {
        (_, uint e1, Worker client, Worker middle, Worker last, uint own) = Prepare();
        _world.Call(0, SystemCall.Yield, 0);
        Assert.True(_world.Cpu(0)->Current == middle.Thread);
        Assert.True(middle.Thread->SchedContext == At(own));
        _world.Call(0, SystemCall.ReplyRecv, e1);
        Assert.True(At(own)->Holder == middle.Thread, "the server's own time is its caller's");
        Assert.True(client.Thread->SchedContext != At(own), "the caller runs on the server's own time");
    }

    /// <summary>Its loan by a first Reply object is never ended, so it is forgotten for a later one's, and outlives the thread.</summary>
    [Fact]
    public void NorDoesTheLoanOutliveIt()
    {
        uint e0 = _world.Make(ObjectType.Endpoint);
        uint e1 = _world.Make(ObjectType.Endpoint);
        Worker last = _world.StartPassive(0, e0, priority: 10);
        // The one in the middle, of memory of its own.
        uint untyped = _world.Make(ObjectType.Untyped, sizeBits: 12);
        uint t = _world.NewSlot();
        uint r1 = _world.Make(ObjectType.Reply);
        uint r2 = _world.Make(ObjectType.Reply);
        uint r3 = _world.Make(ObjectType.Reply);
        uint first = _world.MakeTime();
        uint own = _world.MakeTime();
        Good(_world.Retype(untyped, ObjectType.Thread, t));
        Good(_world.OnThread(t, ThreadOperation.SetSpaces, World.Pack(World.Own, World.Space), 1));
        Good(_world.OnThread(t, ThreadOperation.SetReply, r1));
        Good(_world.Schedule(t, 62, first));
        Good(_world.OnThread(t, ThreadOperation.Resume));
        _world.Serve(0);
        Thread* middle = _world.ThreadAt(t);
        _world.Call(0, SystemCall.Recv, e1);
        Good(_world.Schedule(t, 20));
        Good(_world.Delete(first));
        Worker client = _world.Start(0, 10);
        _world.Call(0, SystemCall.Call, e1);
        Assert.True(_world.Cpu(0)->Current == middle);
        Good(_world.Schedule(t, 20, own));
        _world.Call(0, SystemCall.Call, e0);
        Assert.True(_world.Cpu(0)->Current == last.Thread);
        Good(_world.OnThread(t, ThreadOperation.Suspend));
        Good(_world.OnThread(t, ThreadOperation.Resume));
        _world.Serve(0);
        Assert.True(_world.Cpu(0)->Current == middle);
        Assert.True(middle->SchedContext == At(own));
        // It puts its caller aside, and serves another, passive once more.
        Good(_world.OnThread(t, ThreadOperation.SetReply, r2));
        _world.Call(0, SystemCall.Recv, e1);
        Good(_world.Schedule(t, 20));
        Worker other = _world.Start(0, 15);
        _world.Call(0, SystemCall.Call, e1);
        Assert.True(_world.Cpu(0)->Current == middle);
        Assert.True(middle->SchedContext == At(other.Context));
        Good(_world.OnThread(t, ThreadOperation.SetReply, r3));
        // Its manager takes it away, and has its memory as a frame.
        Good(_world.Revoke(untyped));
        Good(_world.Invoke(0, untyped, (ulong)UntypedOperation.Reset));
        ulong word = World.RetypeWord(ObjectType.Frame);
        Good(_world.Invoke(0, untyped, (ulong)UntypedOperation.Retype, word, World.Pack(0, _world.NewSlot()), 1));
        var reply = (Reply*)_world.Slot(r1)->Object;
        Assert.True(reply->Caller == client.Thread);
        bool isDangling = reply->Borrower == middle;
        // User mode writes where the kernel finds a context, and somebody answers by the first Reply object.
        var forged = (SchedContext*)((byte*)middle + 1024);
        forged->Budget = forged->Remaining = ulong.MaxValue / 4;
        middle->SchedContext = forged;
        _world.Operate(0);
        _world.Call(0, SystemCall.NBSend, r1);
        _world.Rest(0);
        Assert.False(client.Thread->SchedContext == forged, "the client runs on a context that user mode wrote");
        Assert.False(isDangling, "a Reply object names a thread whose memory is a frame");
    }
}
