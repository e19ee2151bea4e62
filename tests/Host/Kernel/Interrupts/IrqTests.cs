using Skerry.Abi;
using Skerry.Kernel.Interrupts;
using Skerry.Kernel.Objects;
using Xunit;

namespace Skerry.Tests.Host.Kernel;

/// <summary>From a device's line to a signal, and back to the line.</summary>
public sealed unsafe class IrqTests
{
    private const uint Line = 5;
    private const ulong Masked = 1 << 16;

    private readonly World _world = new(2);

    public IrqTests() => _world.Operate(0);

    private void Acknowledge(uint handler, Status expected = Status.Ok) =>
        Assert.Equal(expected, _world.OnIrq(handler, IrqHandlerOperation.Acknowledge));

    private void Pulse(uint line = Line)
    {
        IoApicRegisters.SetLine(line, true);
        IoApicRegisters.SetLine(line, false);
        _world.DeliverInterrupts();
    }

    private static bool IsMasked(uint line = Line) => (IoApicRegisters.Entry(line) & Masked) != 0;

    /// <summary>A device's interrupt has 8 bits for its destination, of which 255 is all CPUs.</summary>
    [Theory]
    [InlineData(254, Status.Ok)]
    [InlineData(255, Status.OutOfReach)]
    [InlineData(0x1_0010, Status.OutOfReach)]
    public void ACPUWithALargeIdIsOutOfADevicesReach(uint apicId, Status status)
    {
        _world.Cpu(1)->ApicId = apicId;
        uint line = _world.NewSlot();
        uint message = _world.NewSlot();
        Assert.Equal(status, _world.MakeIoApic(line, Line, 1));
        Assert.Equal(status == Status.Ok ? apicId : 0, (uint)(IoApicRegisters.Entry(Line) >> 56));
        Assert.Equal(status, _world.MakeMsi(message, 1));
        Assert.Equal(status != Status.Ok, _world.Slot(line)->IsEmpty);
        Assert.Equal(status != Status.Ok, _world.Slot(message)->IsEmpty);
    }

    [Fact]
    public void ASecondEdgeWaitsForTheAcknowledgement()
    {
        (uint handler, uint notification) = _world.OpenIrq(Line, 0, InterruptFlags.None);
        Acknowledge(handler, Status.InvalidState);
        Pulse();
        Assert.Equal(4ul, _world.PollBits(notification));
        Pulse();
        Pulse();
        Assert.Equal((0ul, IrqState.Pending), (_world.PollBits(notification), _world.IrqStateOf(handler)));
        Acknowledge(handler);
        Assert.Equal(4ul, _world.PollBits(notification));
        Acknowledge(handler);
        Assert.Equal((0ul, IrqState.Open), (_world.PollBits(notification), _world.IrqStateOf(handler)));
        Acknowledge(handler, Status.InvalidState);
        Assert.False(IsMasked());
    }

    [Fact]
    public void ALevelIsMaskedUntilItIsAcknowledged()
    {
        (uint handler, uint notification) = _world.OpenIrq(Line, 0, InterruptFlags.Level);
        IoApicRegisters.SetLine(Line, true);
        Assert.Equal(1, _world.DeliverInterrupts());
        Assert.True(IsMasked());
        Assert.Equal(4ul, _world.PollBits(notification));
        Acknowledge(handler);
        // The device still wants something.
        Assert.Equal(1, _world.DeliverInterrupts());
        IoApicRegisters.SetLine(Line, false);
        Acknowledge(handler);
        Assert.Equal(0, _world.DeliverInterrupts());
        Assert.False(IsMasked());
        Assert.Equal(4ul, _world.PollBits(notification));
    }

    [Fact]
    public void AWaiterOfAHigherPriorityRunsOnTheWayOut()
    {
        (_, uint notification) = _world.OpenIrq(Line, 1, InterruptFlags.None);
        Worker low = _world.Start(1, 5);
        Worker high = _world.Start(1, 20);
        _world.Call(1, SystemCall.Wait, notification);
        Assert.True(_world.Cpu(1)->Current == low.Thread);
        Pulse();
        Assert.True(_world.Cpu(1)->Current == high.Thread);
        Assert.Equal((Status.Ok, 4ul), (high.Status, high.Thread->Rdi));
        Assert.Equal(ThreadState.Ready, low.State);
    }

    [Fact]
    public void AnotherCpuSHandlerIsSetUpWithoutStoppingIt()
    {
        LocalApic.Sent.Clear();
        uint handler = _world.NewSlot();
        uint notification = _world.Make(ObjectType.Notification, 1);
        Assert.Equal(Status.Ok, _world.MakeIoApic(handler, Line, 1));
        Assert.Equal(Status.Ok, _world.OnIrq(handler, IrqHandlerOperation.SetNotification, notification));
        Assert.Empty(LocalApic.Sent);
        Assert.Equal(_world.Cpu(1)->ApicId, (uint)(IoApicRegisters.Entry(Line) >> 56));
        Pulse();
        Pulse();
        Assert.Equal(1ul, _world.PollBits(notification));
        // What waits for the acknowledgement goes to its CPU as any other CPU's signal does.
        Acknowledge(handler);
        Assert.Equal(0ul, _world.PollBits(notification));
        _world.Serve(1);
        Assert.Equal(1ul, _world.PollBits(notification));
    }

    [Theory]
    [InlineData(InterruptFlags.None)]
    [InlineData(InterruptFlags.Level)]
    public void ADeletedHandlerLeavesAClosedLine(InterruptFlags flags)
    {
        (uint handler, uint notification) = _world.OpenIrq(Line, 0, flags);
        int vector = _world.Irq(handler)->Vector;
        IoApicRegisters.SetLine(Line, true);
        Assert.Equal(Status.Ok, _world.Delete(handler));
        Assert.Equal(RedirectionEntry.Closed.Value, IoApicRegisters.Entry(Line));
        // It was on its way when the handler went: nobody is signalled, and the line has a new life.
        Assert.Equal(1, _world.DeliverInterrupts());
        Assert.Equal(0ul, _world.PollBits(notification));
        IoApicRegisters.SetLine(Line, false);
        (uint again, uint other) = _world.OpenIrq(Line, 0, flags);
        Assert.NotEqual(vector, _world.Irq(again)->Vector);
        // Even later: it does not touch what is another handler's by now.
        _world.Receive(0, vector);
        Assert.False(IsMasked());
        IoApicRegisters.SetLine(Line, true);
        Assert.Equal(1, _world.DeliverInterrupts());
        Assert.Equal((0ul, 4ul), (_world.PollBits(notification), _world.PollBits(other)));
    }

    [Fact]
    public void ACopyKeepsTheHandler()
    {
        (uint handler, uint notification) = _world.OpenIrq(Line, 0, InterruptFlags.None);
        uint copy = _world.NewSlot();
        Assert.Equal(Status.Ok, _world.Copy(copy, handler));
        Assert.Equal(Status.Ok, _world.Delete(handler));
        Pulse();
        Assert.Equal(4ul, _world.PollBits(notification));
        Acknowledge(copy);
    }

    [Fact]
    public void ClearClosesAndMayBeUndone()
    {
        (uint handler, uint notification) = _world.OpenIrq(Line, 0, InterruptFlags.Level);
        IoApicRegisters.SetLine(Line, true);
        _world.DeliverInterrupts();
        Assert.Equal(Status.Ok, _world.OnIrq(handler, IrqHandlerOperation.Clear));
        Assert.Equal((IrqState.Closed, true), (_world.IrqStateOf(handler), IsMasked()));
        Assert.Equal(0, _world.DeliverInterrupts());
        Assert.Equal(4ul, _world.PollBits(notification));
        Assert.Equal(Status.Ok, _world.OnIrq(handler, IrqHandlerOperation.SetNotification, notification));
        Assert.Equal(1, _world.DeliverInterrupts());
        Assert.Equal(1ul, _world.PollBits(notification));
    }

    [Fact]
    public void ARevokedNotificationClosesTheLine()
    {
        (uint handler, uint notification) = _world.OpenIrq(Line, 0, InterruptFlags.None);
        Assert.Equal(Status.Ok, _world.Revoke(notification));
        Assert.Equal((IrqState.Closed, true), (_world.IrqStateOf(handler), IsMasked()));
        Assert.Empty(Invariants.Broken(_world));
    }

    [Fact]
    public void RevokingTheControlFreesEverything()
    {
        _world.OpenIrq(Line, 0, InterruptFlags.None);
        _world.OpenIrq(IoApicRegisters.SecondBase + 2, 1, InterruptFlags.Level);
        Assert.Equal(Status.Ok, _world.Revoke(World.IrqControl));
        Assert.Equal(RedirectionEntry.Closed.Value, IoApicRegisters.Entry(Line));
        Assert.Equal(RedirectionEntry.Closed.Value, IoApicRegisters.Entry(IoApicRegisters.SecondBase + 2));
        Assert.Empty(Invariants.Broken(_world));
    }

    [Fact]
    public void AMessageSaysWhereItGoes()
    {
        uint handler = _world.NewSlot();
        uint notification = _world.Make(ObjectType.Notification, 1);
        Assert.Equal(Status.Ok, _world.MakeMsi(handler, 1));
        IrqHandler* irq = _world.Irq(handler);
        Assert.Equal(
            (0xfee0_0000 | _world.Cpu(1)->ApicId << 12, (ulong)irq->Vector),
            (_world.Operator(0)->Word0, _world.Operator(0)->Word1)
        );
        _world.Receive(1, irq->Vector);
        Assert.Equal(Status.Ok, _world.OnIrq(handler, IrqHandlerOperation.SetNotification, notification));
        Assert.Equal(0ul, _world.PollBits(notification));
        _world.Receive(1, irq->Vector);
        Assert.Equal(1ul, _world.PollBits(notification));
    }

    [Fact]
    public void WithoutAnIoApicThereAreMessagesOnly()
    {
        IoApicRegisters.Sources.IoApicCount = 0;
        IoApics.Initialise(ref IoApicRegisters.Sources);
        byte[] before = Snapshot.Take();
        Assert.Equal(Status.NoIoApic, _world.MakeIoApic(700, Line));
        Assert.Null(Snapshot.FirstDifference(before, Snapshot.Take()));
        Assert.Equal(Status.Ok, _world.MakeMsi(700));
    }
}
