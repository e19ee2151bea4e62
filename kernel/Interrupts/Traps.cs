using System.Runtime;
using System.Threading;
using Skerry.Abi;
using Skerry.Kernel.Cluster;
using Skerry.Kernel.Ipc;
using Skerry.Kernel.Layout;
using Skerry.Kernel.Machine;
using Skerry.Kernel.Objects;
using Skerry.Kernel.Panic;
using Skerry.Kernel.Scheduling;

namespace Skerry.Kernel.Interrupts;

/// <summary>Exceptions and interrupts, from the stubs' common path. Each answers the thread to resume.</summary>
internal static unsafe class Traps
{
    /// <summary>The current thread's registers are in its object.</summary>
    [RuntimeExport(EntryPoints.TrapsFromUser)]
    private static Thread* FromUser(ulong vector, ulong error, Cpu* cpu)
    {
        Thread* thread = RunningThread.WriteDown(cpu);
        if (vector < Vectors.FirstInterrupt)
        {
            cpu->Count(CpuCounter.Exceptions);
            if (vector == Vectors.Debug)
            {
                return Debugging.Trapped(cpu, thread);
            }
            Faults.Note(thread, FaultLabel.Exception, vector, error);
            return Scheduler.Choose(cpu);
        }
        Handle(vector, cpu);
        return Scheduler.ChooseUnlessParked(cpu);
    }

    /// <summary>An interrupt ended the wait of an idle CPU.</summary>
    [RuntimeExport(EntryPoints.TrapsFromIdle)]
    private static Thread* FromIdle(ulong vector, Cpu* cpu)
    {
        if (vector == Vectors.Request && Volatile.Read(ref cpu->Shared.RequestHead) != 0)
        {
            Thread* next = CrossArrivals.TakeOnly(cpu);
            if (next != null)
            {
                return next;
            }
        }
        Handle(vector, cpu);
        return Scheduler.ChooseUnlessParked(cpu);
    }

    /// <summary>The kernel itself faulted, or something struck that nobody recovers from. Does not return.</summary>
    [RuntimeExport(EntryPoints.TrapsFromKernel)]
    private static void FromKernel(KernelFrame* frame, Cpu* cpu)
    {
        if (frame->Vector == Vectors.NonMaskable && KernelPanic.HasBegun)
        {
            Hardware.HaltForever();
        }
        KernelPanic.OnTrap(cpu, frame);
    }

    private static void Handle(ulong vector, Cpu* cpu)
    {
        switch (vector)
        {
            case Vectors.Timer:
                cpu->Count(CpuCounter.TimerInterrupts);
                Timekeeping.Tick(cpu);
                break;
            case Vectors.Request:
            case Vectors.RequestAgain:
                cpu->Count(CpuCounter.RequestInterrupts);
                Requests.Received(cpu);
                break;
            case Vectors.Doorbell:
                Doorbells.Received(cpu);
                break;
            case Vectors.Rendezvous:
                cpu->Count(CpuCounter.RendezvousInterrupts);
                Rendezvous.TakePart(cpu);
                break;
            case >= Vectors.FirstDevice and <= Vectors.LastDevice:
                IrqHandlers.Received(cpu, (int)vector);
                return;
            case Vectors.Spurious:
                // Not acknowledged (Intel SDM vol. 3A, 11.9).
                cpu->Count(CpuCounter.SpuriousInterrupts);
                return;
            default:
                // Nobody's; but whatever sent it, lower ones would wait for its end for ever.
                cpu->Count(CpuCounter.SpuriousInterrupts);
                break;
        }
        LocalApic.EndOfInterrupt();
    }
}
