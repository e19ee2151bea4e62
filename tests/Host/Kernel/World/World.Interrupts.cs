using System.Linq;
using Skerry.Abi;
using Skerry.Kernel;
using Skerry.Kernel.Interrupts;
using Skerry.Kernel.Machine;
using Skerry.Kernel.Objects;
using Skerry.Kernel.Scheduling;
using Xunit;

namespace Skerry.Tests.Host.Kernel;

/// <summary>Interrupts of devices: handlers, and what arrives at the CPUs.</summary>
internal sealed unsafe partial class World
{
    public Status MakeIoApic(
        uint slot,
        ulong interrupt,
        ulong cpu = 0,
        InterruptFlags flags = InterruptFlags.None,
        uint by = 0
    ) => Invoke(by, IrqControl, (ulong)IrqControlOperation.MakeIoApic, Pack(0, slot), interrupt, cpu, (ulong)flags);

    public Status MakeMsi(uint slot, ulong cpu = 0) =>
        Invoke(0, IrqControl, (ulong)IrqControlOperation.MakeMsi, Pack(0, slot), 0, cpu);

    public Status OnIrq(uint slot, IrqHandlerOperation operation, ulong w0 = 0, uint by = 0) =>
        Invoke(by, slot, (ulong)operation, w0);

    public IrqHandler* Irq(uint slot) => (IrqHandler*)Slot(slot)->Object;

    public IrqState IrqStateOf(uint slot) => (IrqState)Irq(slot)->State;

    /// <summary>A handler of this input that signals bit `bits` of a new notification.</summary>
    /// <returns>The slots of both.</returns>
    public (uint Handler, uint Notification) OpenIrq(uint interrupt, uint cpu, InterruptFlags flags, ulong bits = 4)
    {
        uint handler = NewSlot();
        uint badged = NewSlot();
        uint notification = Make(ObjectType.Notification, cpu);
        Assert.Equal(Status.Ok, MakeIoApic(handler, interrupt, cpu, flags));
        Assert.Equal(Status.Ok, Mint(badged, notification, bits));
        Assert.Equal(Status.Ok, OnIrq(handler, IrqHandlerOperation.SetNotification, badged));
        return (handler, notification);
    }

    /// <summary>
    /// Every interrupt that is on its way reaches its CPU, whose local APIC keeps one of each vector.
    /// </summary>
    /// <returns>How many.</returns>
    public int DeliverInterrupts()
    {
        int delivered = 0;
        while (IoApicRegisters.Sent.Count != 0)
        {
            (uint ApicId, int Vector)[] sent = [.. IoApicRegisters.Sent.Distinct()];
            IoApicRegisters.Sent.Clear();
            Assert.True(delivered < 100, "a line interrupts without end");
            foreach ((uint apicId, int vector) in sent)
            {
                Receive(apicId - Cpu(0)->ApicId, vector);
                delivered++;
            }
        }
        return delivered;
    }

    /// <summary>The interrupt itself, and the way out of it.</summary>
    public Thread* Receive(uint cpu, int vector)
    {
        LocalApic.InService = vector;
        Thread* interrupted = Interrupted(cpu);
        if (UseFastpath && interrupted != null)
        {
            Thread* next = _fastInterrupt((ulong)vector, Cpu(cpu), interrupted, Hardware.Clock);
            if (next != null)
            {
                // As the trap door does.
                LocalApic.EndOfInterrupt();
            }
            if (Note("Interrupt", Resumed(Cpu(cpu), next)))
            {
                Show(cpu);
                return next;
            }
        }
        WriteDown(cpu);
        IrqHandlers.Received(Cpu(cpu), vector);
        return Leaving(cpu, &Scheduler.ChooseUnlessParked);
    }

    /// <summary>Takes a notification's bits on its own CPU; 0 for none.</summary>
    public ulong PollBits(uint notification)
    {
        uint cpu = ((Notification*)Slot(notification)->Object)->Cpu;
        bool rests = Cpu(cpu)->Current != Operator(cpu);
        if (rests)
        {
            Operate(cpu);
        }
        Call(cpu, SystemCall.Poll, notification);
        ulong bits = Operator(cpu)->Rax == (ulong)Status.Ok ? Operator(cpu)->Rdi : 0;
        if (rests)
        {
            Rest(cpu);
        }
        return bits;
    }
}
