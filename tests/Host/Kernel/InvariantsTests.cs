using System;
using System.Collections.Generic;
using Skerry.Abi;
using Skerry.Kernel.Capabilities;
using Skerry.Kernel.Objects;
using Xunit;

namespace Skerry.Tests.Host.Kernel;

/// <summary>Each rule speaks when its field is broken by hand.</summary>
public sealed unsafe class InvariantsTests
{
    private static readonly Dictionary<string, Action<BrokenWorld>> _damage = new()
    {
        ["previous of a slot is not the one before it"] = w => w.World.Slot(w.Endpoint)->PreviousLink = 0,
        ["a slot is in the tree twice"] = w =>
            w.World.Slot(w.Endpoint)->NextLink = Capability.LinkTo(w.World.Slot(w.Endpoint)),
        ["a slot's mark of the first child is wrong"] = w => w.World.Slot(w.Endpoint)->MarkFirst(false),
        ["a slot's mark of the last child is wrong"] = w => w.World.Slot(w.Endpoint)->MarkLast(true),
        ["slot 0 of a table holds something"] = w => w.World.Table->BeginDying(Remains.Nothing),
        ["an empty slot is in the tree"] = w => w.World.Slot(w.Endpoint)->Hide(),
        ["a slot whose capability is gone is in the tree"] = w => w.World.Slot(w.Endpoint)->BeginDying(Remains.Nothing),
        ["a dying table's capability is not in its slot 0"] = w => w.World.Slot(w.Endpoint)->BeginDying(Remains.Table),
        ["an object lies outside of what its untyped has given away"] = w => w.World.Slot(World.Untyped)->Badge = 64,
        ["a copy has more rights than what it is of"] = w => w.World.Slot(w.Endpoint)->WriteRights(0),
        ["HighestReady is not the ready queues' highest"] = w => w.World.Cpu(0)->HighestReady = 3,
        ["the ready queues' word of bits is not that of their heads"] = w => *(ulong*)&w.World.Cpu(0)->Ready = 0,
        ["a thread in the ready queue is Inactive"] = w => w.Ready.Thread->State = ThreadState.Inactive,
        ["a thread is ready at another priority or CPU than its own"] = w => w.Ready.Thread->Priority = 3,
        ["the current thread does not run"] = w => w.Running.Thread->State = ThreadState.Ready,
        ["a running thread is no CPU's current one"] = w => w.World.Cpu(0)->Current = null,
        ["a request list holds what is no thread, or is a circle"] = w =>
            w.World.Cpu(0)->Shared.RequestHead = (ulong)w.World.Root,
        ["a thread is in two queues: current and request"] = w =>
            w.World.Cpu(0)->Shared.RequestHead = (ulong)w.Running.Thread,
        ["an endpoint's state is not that of its queue"] = w => w.EndpointObject->Head = null,
        ["a thread in the endpoint queue is Receiving"] = w => w.EndpointObject->State = EndpointState.Senders,
        ["the tail of the endpoint queue is not its last"] = w => w.EndpointObject->Tail = w.Ready.Thread,
        ["a thread in the endpoint queue waits on something else"] = w => w.Receiver.Thread->WaitingOn = null,
        ["a receiver is in no queue"] = w => w.EndpointObject->State = EndpointState.Idle,
        ["what a thread serves through does not follow from the rest"] = w => w.Server.Thread->ServerReply = null,
        ["a Reply object vouches for what is not so"] = w => w.Caller.Thread->Flags = ThreadFlags.FullFrame,
        ["a receiver waits on another CPU than its own"] = w => w.Receiver.Thread->Cpu = 1,
        ["a Reply object belongs to another CPU than its owner"] = w => w.ReplyObject->Cpu = 1,
        ["a Reply object vouches for a debugged thread"] = w => w.Caller.Thread->Flags = ThreadFlags.Debugged,
        ["an inactive thread is in a queue"] = w => w.Receiver.Thread->State = ThreadState.Inactive,
        ["no Reply object holds a caller"] = w => w.Caller.Thread->AwaitedReply = null,
        ["a Reply object's caller does not wait for it"] = w => w.Caller.Thread->State = ThreadState.Inactive,
        ["a Reply object names a thread that is gone"] = w => w.ReplyObject->Owner = (Thread*)w.World.Root,
        ["a thread's Reply object has another owner"] = w => w.ReplyObject->Owner = null,
        ["a borrower does not know through what it borrowed"] = w =>
            w.ReplyObject->Hold(w.Caller.Thread, w.Ready.Thread),
        ["what was borrowed is with its lender"] = w => w.Caller.Thread->SchedContext = w.Context(w.Running),
        ["two threads run on one context"] = w => w.Receiver.Thread->SchedContext = w.Context(w.Ready),
        ["a context's holder is not who runs on it"] = w => w.Context(w.Ready)->Holder = null,
        ["a context's owner has another"] = w => w.Context(w.Ready)->Owner = w.Running.Thread,
        ["a context with time left waits for its refill"] = w => w.World.Cpu(0)->Refills = w.Context(w.Ready),
        ["a context waits for its refill on another CPU than its holder's"] = w =>
            w.World.Cpu(1)->Refills = w.Context(w.Ready),
        ["a context waits twice for its refill, or is gone"] = w =>
            w.World.Cpu(0)->Refills = (SchedContext*)w.World.Root,
        ["another context is charged than the current thread's"] = w => w.World.Cpu(0)->Charged = w.Context(w.Ready),
        ["a context that is gone is charged"] = w => w.World.Cpu(0)->Charged = (SchedContext*)w.World.Root,
        ["a thread that could run is in no queue"] = w => w.World.Cpu(0)->Ready = default,
        ["a notification's bound thread does not know it"] = w => w.NotificationObject->BoundThread = w.Ready.Thread,
        ["a thread's notification does not know it"] = w => w.Ready.Thread->BoundNotification = w.NotificationObject,
        ["a thread runs on a context that is gone"] = w => w.Ready.Thread->SchedContext = (SchedContext*)w.World.Root,
    };

    public static TheoryData<string> Rules => [.. _damage.Keys];

    [Theory]
    [MemberData(nameof(Rules))]
    public void A_broken_rule_is_told(string rule)
    {
        var world = new BrokenWorld();
        Assert.Empty(Invariants.Broken(world.World));
        _damage[rule](world);
        Assert.Contains(rule, Invariants.Broken(world.World));
    }
}

/// <summary>A world with a thread in each of the usual states.</summary>
internal sealed unsafe class BrokenWorld
{
    public BrokenWorld()
    {
        Endpoint = World.Make(ObjectType.Endpoint);
        Assert.Equal(Status.Ok, World.Copy(World.NewSlot(), Endpoint));
        Receiver = World.Start(0);
        World.Call(0, SystemCall.Recv, Endpoint);
        World.Start(0);
        World.Call(0, SystemCall.Recv, Endpoint);
        uint called = World.Make(ObjectType.Endpoint);
        Server = World.StartPassive(0, called, 12);
        Caller = World.Start(0, 12);
        World.Call(0, SystemCall.Call, called);
        Notification = World.Make(ObjectType.Notification);
        Running = World.Start(0, 20);
        Ready = World.Start(0, 20);
    }

    public World World { get; } = new(2);

    public uint Endpoint { get; }
    public uint Notification { get; }
    public Worker Receiver { get; }
    public Worker Server { get; }
    public Worker Caller { get; }
    public Worker Running { get; }
    public Worker Ready { get; }

    public Endpoint* EndpointObject => (Endpoint*)World.Slot(Endpoint)->Object;

    public Notification* NotificationObject => (Notification*)World.Slot(Notification)->Object;

    public Reply* ReplyObject => Server.Thread->Reply;

    public SchedContext* Context(Worker worker) => worker.Thread->OwnSchedContext;
}
