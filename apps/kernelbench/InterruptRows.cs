using Skerry.Abi;
using Skerry.Apps.KernelTests;
using Skerry.Base.Kernel;
using Skerry.Base.Measurement;

namespace Skerry.Apps.KernelBench;

/// <summary>
/// The interrupt of the serial port, which its transmitter raises as soon as it may, being empty. The port is told so by
/// a system call, and the interrupt comes on the way out of it: from there to the handler is the figure, so the system
/// call's own time is measured first, without an interrupt, and taken off.
/// </summary>
internal static class InterruptRows
{
    private const uint SerialInterrupt = 4;
    private const ulong InterruptEnable = 0x3f9;
    private const ushort InterruptIdentification = 0x3fa;
    private const ushort ModemControl = 0x3fc;

    /// <summary>Bit 1 of the interrupt enable register: transmitter holding register empty (PC16550D data sheet, 8.7).</summary>
    private const ulong TransmitterEmpty = 2;

    /// <summary>Bit 3 of the modem control register: on a PC, OUT2 lets the port's interrupts through.</summary>
    private const byte InterruptsOut = 8;
    private const int CalibrationRounds = 100;

    private static readonly IoPortsCapability _serial = new(new CapabilitySlot((uint)InitialSlot.SerialPorts));

    public static void Run()
    {
        var notification = new NotificationCapability(Workshop.Make(ObjectType.Notification));
        NotificationRows.StartWaiter(notification, 0);
        IrqHandlerCapability handler = MakeHandler();
        Workshop.Must(handler.SetNotification(notification));
        Workshop.Must(_serial.Out8(ModemControl, InterruptsOut));
        Report.Begin();
        uint systemCall = TicksOfSystemCall();
        for (int i = -Measurement.WarmUp; i < Samples.Capacity; i++)
        {
            Board.Set(MeasureLayout.Handled, 0);
            Request request = Enable(TransmitterEmpty);
            Measurement.Ticks(ref request, MeasureKind.Word2);
            Report.Check(request.Status == Status.Ok, request.Number);
            Quieten(handler);
            CheckWake();
            if (i >= 0)
            {
                uint all = (uint)Board.Get(MeasureLayout.Handled) - (uint)request.Begin - Measurement.Empty;
                Report.Add(all - systemCall);
            }
        }
        Workshop.Must(handler.Clear());
        Report.End("irq-to-handler"u8, 0);
    }

    private static unsafe IrqHandlerCapability MakeHandler()
    {
        var control = new IrqControlCapability(new CapabilitySlot((uint)InitialSlot.IrqControl));
        CapabilitySlot slot = Workshop.Slots(1);
        var line = Workshop.Facts->Interrupts.OfIsa(SerialInterrupt);
        Workshop.Must(control.MakeIoApic(CapTableCapability.Own, slot, line.Interrupt, 0, line.Flags));
        return new IrqHandlerCapability(slot);
    }

    private static Request Enable(ulong sources)
    {
        Request request = Request.Invoke(_serial.Slot, (ulong)IoPortsOperation.Out8);
        request.Word0 = InterruptEnable;
        request.Word1 = sources;
        return request;
    }

    /// <summary>The same system call when nothing interrupts.</summary>
    private static uint TicksOfSystemCall()
    {
        uint least = uint.MaxValue;
        for (int i = 0; i < CalibrationRounds; i++)
        {
            Request request = Enable(0);
            uint ticks = Measurement.Ticks(ref request, MeasureKind.Word2);
            Report.Check(request.Status == Status.Ok, request.Number);
            least = ticks < least ? ticks : least;
        }
        return least;
    }

    /// <summary>Reading the identification takes the transmitter's request away.</summary>
    private static void Quieten(IrqHandlerCapability handler)
    {
        Workshop.Must(_serial.Out8((ushort)InterruptEnable, 0));
        Workshop.Must(_serial.In8(InterruptIdentification, out _));
        Status status = handler.Acknowledge();
        Report.Check(status == Status.Ok, (ulong)status);
    }

    private static void CheckWake()
    {
        Report.Check(Board.Get(MeasureLayout.Handled) != 0, 0);
        Report.Check(Board.Get(MeasureLayout.SeenStatus) == (ulong)Status.Ok, Board.Get(MeasureLayout.SeenStatus));
        Report.Check(Board.Get(MeasureLayout.SeenBadge) == 1, Board.Get(MeasureLayout.SeenBadge));
    }
}
