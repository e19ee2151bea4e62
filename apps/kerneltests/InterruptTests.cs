using Skerry.Abi;
using Skerry.Base.Kernel;

namespace Skerry.Apps.KernelTests;

/// <summary>
/// The serial port's "transmitter is empty" as an interrupt, an edge of ISA's, on each CPU of the cluster in turn. Nothing
/// is printed while it is enabled.
/// </summary>
internal static unsafe class InterruptTests
{
    // PC16550D datasheet, 8.0: registers from the port's base.
    private const ushort InterruptEnable = 0x3f9;
    private const ushort InterruptIdentification = 0x3fa;
    private const ushort ModemControl = 0x3fc;
    private const byte TransmitterEmpty = 2;
    private const byte InterruptOut = 1 << 3;
    private const uint SerialInterrupt = 4;
    private const ulong Rounds = 50;

    private static readonly IoPortsCapability _ports = new(new CapabilitySlot((uint)InitialSlot.SerialPorts));

    public static bool Run()
    {
        Workshop.Must(_ports.Out8(ModemControl, InterruptOut));
        bool passed = EdgesArrive(0) & SecondEdgeWaits() & DeletedIsSilent();
        if (Workshop.Facts->CpuCount > 1)
        {
            passed &= EdgesArrive(1);
        }
        return passed;
    }

    private static IrqControlCapability Control => new(new CapabilitySlot((uint)InitialSlot.IrqControl));

    private static IrqHandlerCapability Make(uint cpu)
    {
        CapabilitySlot slot = Workshop.Slots(1);
        Abi.Boot.InterruptOverride route = Workshop.Facts->Interrupts.OfIsa(SerialInterrupt);
        Workshop.Must(Control.MakeIoApic(CapTableCapability.Own, slot, route.Interrupt, cpu, route.Flags));
        return new IrqHandlerCapability(slot);
    }

    /// <summary>An empty transmitter interrupts as soon as it may.</summary>
    private static void Raise()
    {
        Workshop.Must(_ports.Out8(InterruptEnable, 0));
        Workshop.Must(_ports.Out8(InterruptEnable, TransmitterEmpty));
    }

    private static void Quiet()
    {
        Workshop.Must(_ports.Out8(InterruptEnable, 0));
        ServeSerial();
    }

    /// <summary>Reading the identification ends the request.</summary>
    private static void ServeSerial() => Workshop.Must(_ports.In8(InterruptIdentification, out _));

    public static ulong Interrupts(uint cpu)
    {
        var control = new CpuControlCapability(new CapabilitySlot((uint)InitialSlot.FirstCpuControl + cpu));
        Workshop.Must(control.ReadCounters(out CpuCounters counters));
        return counters[CpuCounter.DeviceInterrupts];
    }

    private static bool EdgesArrive(uint cpu)
    {
        Quiet();
        IrqHandlerCapability handler = Make(cpu);
        ulong before = Interrupts(cpu);
        InterruptDriver.Start(cpu, handler, &ServeSerial);
        bool all = true;
        for (ulong round = 1; round <= Rounds; round++)
        {
            Raise();
            all &= InterruptDriver.Await(round);
        }
        Quiet();
        InterruptDriver.Stop();
        ulong count = Interrupts(cpu) - before;
        bool right = all && count == Rounds && InterruptDriver.Served == Rounds && InterruptDriver.Wrong == 0;
        Workshop.Must(CapTableCapability.Own.Delete(handler.Slot));
        System.ReadOnlySpan<byte> name = cpu == 0 ? "irq-edges"u8 : "irq-edges-other-cpu"u8;
        Console.Test(name, right, "interrupts"u8, count);
        return right;
    }

    /// <summary>Two more before the acknowledgement of the first are one that waits for it.</summary>
    private static bool SecondEdgeWaits()
    {
        IrqHandlerCapability handler = Make(0);
        var notification = new NotificationCapability(Workshop.Make(ObjectType.Notification));
        Workshop.Must(handler.SetNotification(notification));
        Raise();
        bool first = notification.Poll(out ulong bits) == Status.Ok && bits == 1;
        Raise();
        Raise();
        bool held = notification.Poll(out _) == Status.WouldBlock && StateOf(handler) == IrqState.Pending;
        bool second = handler.Acknowledge() == Status.Ok && notification.Poll(out bits) == Status.Ok && bits == 1;
        bool last = handler.Acknowledge() == Status.Ok && notification.Poll(out _) == Status.WouldBlock;
        bool over = handler.Acknowledge() == Status.InvalidState && StateOf(handler) == IrqState.Open;
        Quiet();
        Workshop.Must(CapTableCapability.Own.Delete(handler.Slot));
        bool passed = first && held && second && last && over;
        Console.Test("irq-pending"u8, passed, "state"u8, held ? 1u : 0u);
        return passed;
    }

    private static IrqState StateOf(IrqHandlerCapability handler)
    {
        Workshop.Must(handler.Query(out _, out _, out IrqState state));
        return state;
    }

    private static bool DeletedIsSilent()
    {
        IrqHandlerCapability handler = Make(0);
        var notification = new NotificationCapability(Workshop.Make(ObjectType.Notification));
        Workshop.Must(handler.SetNotification(notification));
        CapabilitySlot other = Workshop.Slots(1);
        Abi.Boot.InterruptOverride route = Workshop.Facts->Interrupts.OfIsa(SerialInterrupt);
        Status taken = Control.MakeIoApic(CapTableCapability.Own, other, route.Interrupt, 0, route.Flags);
        Workshop.Must(CapTableCapability.Own.Delete(handler.Slot));
        ulong before = Interrupts(0);
        Raise();
        Processor.Yield();
        ulong came = Interrupts(0) - before;
        bool silent = came == 0 && notification.Poll(out _) == Status.WouldBlock;
        Quiet();
        bool passed = silent && taken == Status.InterruptTaken;
        Console.Test("irq-deleted"u8, passed, "interrupts"u8, came);
        return passed;
    }
}
