using Skerry.Abi;
using Skerry.Kernel.Objects;
using Xunit;

namespace Skerry.Tests.Host.Kernel;

/// <summary>A Delete that takes several steps, while a message on its way would bring something into its slot.</summary>
public sealed unsafe class DeleteIntoTests
{
    private readonly World _world = new(2);

    private static void Good(Status status) => Assert.Equal(Status.Ok, status);

    /// <summary>Else the receiver would be told that it came, and the last step take it along.</summary>
    [Fact]
    public void NothingComesIntoASlotThatIsBeingEmptied()
    {
        uint table = _world.Make(ObjectType.CapTable, sizeBits: 4);
        uint far = _world.Make(ObjectType.Endpoint, cpu: 1);
        Good(_world.Invoke(0, table, (ulong)CapTableOperation.Move, World.Pack(3, 0), World.Pack(far, 0)));
        uint endpoint = _world.Make(ObjectType.Endpoint, cpu: 1);
        uint sent = _world.Make(ObjectType.Notification);
        Worker receiver = _world.Start(1, 10, buffer: true);
        receiver.Thread->Buffer->ReceiveSlot = table;
        receiver.Thread->Buffer->ReceiveCount = 1;
        _world.Call(1, SystemCall.Recv, endpoint);
        Worker sender = _world.Start(0, 10, buffer: true);
        sender.Thread->Buffer->SendSlots[0] = sent;
        _world.Call(0, SystemCall.Send, endpoint, MessageInfo.Of(5, 1, 1).Value, 1);
        // On its way to CPU 1, where the table's content has its CPU.
        Good(_world.Delete(table));
        Assert.Equal(ThreadState.Running, receiver.State);
        Assert.Equal(0, new MessageInfo(receiver.Thread->Info).Capabilities);
        Assert.Equal((ulong)CapabilityArrival.None, receiver.Thread->Buffer->Arrived[0]);
        Assert.True(_world.Slot(table)->IsEmpty);
        Assert.Empty(Invariants.Broken(_world));
    }
}
