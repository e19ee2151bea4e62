using Skerry.Abi;
using Skerry.Kernel.Capabilities;
using Skerry.Kernel.Interrupts;
using Skerry.Kernel.Objects;
using Xunit;

namespace Skerry.Tests.Host.Kernel;

/// <summary>Messages whose ends change while they are on their way.</summary>
public sealed unsafe class MessageTests
{
    private readonly World _world = new(2);

    private void Consistent() => Assert.Empty(Invariants.Broken(_world));

    [Fact]
    public void ARefusedCallerLeavesNoReceiverAmongSenders()
    {
        uint endpoint = _world.Make(ObjectType.Endpoint);
        Worker[] senders = [_world.Start(0, 12), _world.Start(0, 11)];
        _world.Call(0, SystemCall.Call, endpoint, 1, 71);
        _world.Call(0, SystemCall.Send, endpoint, 1, 72);
        Worker receiver = _world.Start(0);
        // Without a Reply object it takes no callers.
        Assert.Equal(Status.Ok, _world.Delete(receiver.Reply));
        _world.Call(0, SystemCall.Recv, endpoint);
        Assert.Equal(72ul, receiver.Thread->Word0);
        Assert.Equal(Status.InvalidState, senders[0].Status);
        Assert.Equal(Status.Ok, senders[1].Status);
        Consistent();
    }

    [Fact]
    public void NBRecvDoesNotWaitForAnotherSenderThanOneItCanTTake()
    {
        uint endpoint = _world.Make(ObjectType.Endpoint);
        _world.Start(0, 12);
        _world.Call(0, SystemCall.Call, endpoint);
        Worker receiver = _world.Start(0, 40);
        Assert.Equal(Status.Ok, _world.Delete(receiver.Reply));
        _world.Call(0, SystemCall.NBRecv, endpoint);
        Assert.True(_world.Cpu(0)->Current == receiver.Thread);
        Assert.Equal(Status.WouldBlock, receiver.Status);
        Consistent();
    }

    [Fact]
    public void ASenderWhoseBufferWentWhileItWaitedSendsNoCapabilities()
    {
        uint endpoint = _world.Make(ObjectType.Endpoint);
        Worker sender = _world.Start(0, 12, buffer: true);
        sender.Thread->Buffer->SendSlots[0] = endpoint;
        _world.Call(0, SystemCall.Call, endpoint, MessageInfo.Of(0, 1, 1).Value, 71);
        Assert.Equal(ThreadState.Sending, sender.State);
        Assert.Equal(Status.Ok, _world.Revoke(sender.Buffer));
        Worker receiver = _world.Start(0, buffer: true);
        _world.Call(0, SystemCall.Recv, endpoint);
        Assert.Equal(71ul, receiver.Thread->Word0);
        Assert.Equal(0, new MessageInfo(receiver.Thread->Info).Capabilities);
        Consistent();
    }

    [Fact]
    public void CapabilitiesArriveOrAreUnwrapped()
    {
        uint endpoint = _world.Make(ObjectType.Endpoint);
        uint known = _world.NewSlot();
        uint other = _world.Make(ObjectType.Notification);
        Assert.Equal(Status.Ok, _world.Mint(known, endpoint, 55));
        Worker sender = _world.Start(0, 12, buffer: true);
        sender.Thread->Buffer->SendSlots[0] = known;
        sender.Thread->Buffer->SendSlots[1] = other;
        _world.Call(0, SystemCall.Call, endpoint, MessageInfo.Of(0, 1, 2).Value);
        Worker receiver = _world.Start(0, buffer: true);
        MessageBuffer* buffer = receiver.Thread->Buffer;
        buffer->ReceiveSlot = 900;
        buffer->ReceiveCount = 2;
        _world.Call(0, SystemCall.Recv, endpoint);
        Assert.Equal((ulong)CapabilityArrival.Unwrapped, buffer->Arrived[0]);
        Assert.Equal(55ul, buffer->Badges[0]);
        Assert.Equal((ulong)CapabilityArrival.Installed, buffer->Arrived[1]);
        Assert.True(_world.Slot(901)->SameObject(_world.Slot(other)));
        Consistent();
    }

    [Theory]
    [InlineData(0u, 0)]
    [InlineData(1023u, 1)]
    [InlineData(1024u, 0)]
    [InlineData(uint.MaxValue, 0)]
    public void CapabilitiesArriveInSlotsAlone(uint slot, int arrived)
    {
        uint endpoint = _world.Make(ObjectType.Endpoint);
        uint sent = _world.Make(ObjectType.Notification);
        Worker sender = _world.Start(0, 12, buffer: true);
        sender.Thread->Buffer->SendSlots[0] = sent;
        sender.Thread->Buffer->SendSlots[1] = sent;
        _world.Call(0, SystemCall.Call, endpoint, MessageInfo.Of(0, 1, 2).Value);
        Worker receiver = _world.Start(0, buffer: true);
        receiver.Thread->Buffer->ReceiveSlot = slot;
        receiver.Thread->Buffer->ReceiveCount = 2;
        _world.Call(0, SystemCall.Recv, endpoint);
        Assert.Equal(arrived, new MessageInfo(receiver.Thread->Info).Capabilities);
        Consistent();
    }

    [Fact]
    public void CapabilitiesComeFromAndGoToNestedTables()
    {
        uint endpoint = _world.Make(ObjectType.Endpoint);
        uint table = _world.Make(ObjectType.CapTable, sizeBits: 4);
        uint sent = _world.Make(ObjectType.Notification);
        ulong copy = (ulong)CapTableOperation.Copy;
        Assert.Equal(Status.Ok, _world.Invoke(0, table, copy, World.Pack(3, 0), World.Pack(sent, 7)));
        Worker sender = _world.Start(0, 12, buffer: true);
        sender.Thread->Buffer->SendSlots[0] = World.Pack(table, 3);
        sender.Thread->Buffer->SendSlots[1] = table << 24 | 3;
        _world.Call(0, SystemCall.Call, endpoint, MessageInfo.Of(0, 1, 2).Value);
        Worker receiver = _world.Start(0, buffer: true);
        receiver.Thread->Buffer->ReceiveSlot = table << 24 | 14;
        receiver.Thread->Buffer->ReceiveCount = 2;
        _world.Call(0, SystemCall.Recv, endpoint);
        Assert.Equal(2, new MessageInfo(receiver.Thread->Info).Capabilities);
        var slots = (Capability*)_world.Slot(table)->Object;
        Assert.True(slots[14].SameObject(_world.Slot(sent)) && slots[15].SameObject(_world.Slot(sent)));
        Consistent();
    }

    /// <summary>A thread that CPU 1 has handed back to CPU 0, which has not served its requests yet.</summary>
    private Worker HandedBack()
    {
        uint endpoint = _world.Make(ObjectType.Endpoint, cpu: 1);
        Worker client = _world.Start(0);
        Worker server = _world.Start(1);
        _world.Call(1, SystemCall.Recv, endpoint);
        _world.Call(0, SystemCall.Send, endpoint);
        _world.Serve(1);
        Assert.True(_world.Cpu(1)->Current == server.Thread);
        Assert.Equal(ThreadState.Ready, client.State);
        Assert.Contains((_world.Cpu(0)->ApicId, Skerry.Kernel.Layout.Vectors.Request), LocalApic.Sent);
        Consistent();
        return client;
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    public void AThreadThatWasHandedBackAndNotYetServedCanBeStopped(uint by)
    {
        Worker other = _world.MakeThread(0);
        Worker client = HandedBack();
        Assert.Equal(Status.Ok, _world.OnThread(client.Slot, ThreadOperation.Suspend, by: by));
        Assert.Equal(ThreadState.Inactive, client.State);
        Consistent();
        Assert.True(_world.Serve(0) == null);
        Assert.Equal(ThreadState.Inactive, client.State);
        _world.Resume(other);
        Consistent();
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    public void AnEndpointThatWasSentToAndNotYetServedCanGo(uint by)
    {
        uint endpoint = _world.Make(ObjectType.Endpoint, cpu: 1);
        Worker client = _world.Start(0);
        _world.Call(0, SystemCall.Call, endpoint);
        Assert.Equal(ThreadState.Sending, client.State);
        Assert.Equal(Status.Ok, _world.Delete(endpoint, by));
        Consistent();
        Assert.Equal(0ul, _world.Cpu(1)->Shared.RequestHead);
        Assert.True(_world.Serve(0) == client.Thread);
        Assert.Equal(Status.Cancelled, client.Status);
        Consistent();
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    public void ANotificationThatWasSignalledAndNotYetServedCanGo(uint by)
    {
        uint notification = _world.Make(ObjectType.Notification, cpu: 1);
        _world.Start(0);
        _world.Call(0, SystemCall.Signal, notification);
        Assert.NotEqual(0ul, _world.Cpu(1)->Shared.SignalHead);
        Assert.Equal(Status.Ok, _world.Delete(notification, by));
        Assert.Equal(0ul, _world.Cpu(1)->Shared.SignalHead);
        Consistent();
    }

    [Fact]
    public void ARequestThatIsServedDuringADeletionCanTCopyWhatIsDeleted()
    {
        uint endpoint = _world.Make(ObjectType.Endpoint, cpu: 1);
        Worker sender = _world.Start(0, buffer: true);
        Worker receiver = _world.Start(1, buffer: true);
        uint doomed = _world.Make(ObjectType.Notification, cpu: 1);
        receiver.Thread->Buffer->ReceiveSlot = 900;
        receiver.Thread->Buffer->ReceiveCount = 1;
        _world.Call(1, SystemCall.Recv, endpoint);
        sender.Thread->Buffer->SendSlots[0] = doomed;
        _world.Call(0, SystemCall.Send, endpoint, MessageInfo.Of(0, 0, 1).Value);
        Assert.Equal(Status.Ok, _world.Delete(doomed));
        Assert.True(_world.Slot(900)->IsEmpty);
        Assert.Equal(0, new MessageInfo(receiver.Thread->Info).Capabilities);
        Consistent();
    }

    [Fact]
    public void BitsThatAreThereEndTheReceiveOfWhoIsBoundToThem()
    {
        uint endpoint = _world.Make(ObjectType.Endpoint);
        uint notification = _world.Make(ObjectType.Notification);
        Worker receiver = _world.Start(0);
        _world.Call(0, SystemCall.Signal, notification);
        _world.Call(0, SystemCall.Recv, endpoint);
        Assert.Equal(ThreadState.Receiving, receiver.State);
        Assert.Equal(Status.Ok, _world.OnThread(receiver.Slot, ThreadOperation.BindNotification, notification));
        Assert.True(_world.Cpu(0)->Current == receiver.Thread);
        Assert.Equal(1ul, receiver.Thread->Rdi);
        Consistent();
    }

    [Fact]
    public void AServerThatFaultsWithoutAPagerAndIsStoppedLeavesTheNextServerAlone()
    {
        uint endpoint = _world.Make(ObjectType.Endpoint, cpu: 1);
        Worker server = _world.StartPassive(1, endpoint);
        Worker next = _world.StartPassive(1, endpoint);
        next.Thread->Rsp = 0x7000;
        _world.Start(1);
        _world.Call(1, SystemCall.Call, endpoint);
        Assert.Equal(1, _world.FastCalls);
        Assert.True(_world.Cpu(1)->Current == server.Thread);
        _world.Fault(1, 0x5000);
        Assert.Equal(ThreadState.Faulted, server.State);
        Consistent();
        Assert.Equal(Status.Ok, _world.OnThread(server.Slot, ThreadOperation.Suspend));
        Assert.Equal(0x7000ul, next.Thread->Rsp);
        Consistent();
    }

    [Fact]
    public void AThreadThatSuspendsItselfResumesWithOk()
    {
        Worker worker = _world.Start(0);
        _world.Call(0, SystemCall.Invoke, worker.Slot, MessageInfo.Of((ulong)ThreadOperation.Suspend, 4).Value);
        Assert.Equal(ThreadState.Inactive, worker.State);
        _world.Resume(worker);
        Assert.True(_world.Cpu(0)->Current == worker.Thread);
        Assert.Equal(Status.Ok, worker.Status);
    }

    [Fact]
    public void StoppingAThreadOfAnotherCPULeavesTheOwnTimer()
    {
        Worker own = _world.Start(0);
        Worker other = _world.Start(1);
        Assert.Equal(Status.Ok, _world.Configure(own.Context, 100, 1000));
        uint ticks = LocalApic.TimerTicks;
        Assert.NotEqual(0u, ticks);
        _world.Call(0, SystemCall.Invoke, other.Slot, MessageInfo.Of((ulong)ThreadOperation.Suspend, 4).Value);
        Assert.True(_world.Cpu(0)->Current == own.Thread);
        Assert.Equal(ticks, LocalApic.TimerTicks);
    }
}
