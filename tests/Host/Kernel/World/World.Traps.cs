using Skerry.Abi;
using Skerry.Kernel;
using Skerry.Kernel.Interrupts;
using Skerry.Kernel.Ipc;
using Skerry.Kernel.Layout;
using Skerry.Kernel.Machine;
using Skerry.Kernel.Objects;
using Skerry.Kernel.Scheduling;

namespace Skerry.Tests.Host.Kernel;

/// <summary>What the trap stubs do: the timer, faults and exceptions of a CPU.</summary>
internal sealed unsafe partial class World
{
    public Thread* Tick(uint cpu)
    {
        Thread* interrupted = Interrupted(cpu);
        if (UseFastpath && interrupted != null)
        {
            Thread* next = _fastTimer(Cpu(cpu), interrupted, Hardware.Clock);
            if (Note("Timer", Resumed(Cpu(cpu), next)))
            {
                Show(cpu);
                return next;
            }
        }
        WriteDown(cpu);
        Timekeeping.Tick(Cpu(cpu));
        return Leaving(cpu, &Scheduler.ChooseUnlessParked);
    }

    /// <summary>The thread that an interrupt of the CPU stops, with all its registers saved; null: the CPU idles.</summary>
    private Thread* Interrupted(uint cpu)
    {
        Thread* thread = Cpu(cpu)->Current;
        if (thread != null)
        {
            thread->Flags |= ThreadFlags.FullFrame;
            RunningThread.TakeBack(thread);
        }
        return thread;
    }

    public Thread* Fault(uint cpu, ulong address, FaultAccess access = FaultAccess.User)
    {
        Thread* faulter = Cpu(cpu)->Current;
        faulter->Flags |= ThreadFlags.FullFrame;
        RunningThread.TakeBack(faulter);
        Thread* pager = UseFastpath ? _fastFault(Cpu(cpu), faulter) : DirectSwitch.Declined(Cpu(cpu));
        if (!DirectSwitch.IsDeclined(pager))
        {
            ulong info = MessageInfo.FromKernel(FaultLabel.Page, 4).Value;
            Load(pager, 0, Cpu(cpu)->Badge, info, address, faulter->Rip, (ulong)access, faulter->Cookie);
            Cpu(cpu)->CurrentRoot = pager->Root;
            Show(cpu);
            return pager;
        }
        WriteDown(cpu);
        faultAddress = address;
        faultAccess = access;
        return Leaving(cpu, &DeliverFault);
    }

    /// <summary>
    /// Whether a thread may run into the breakpoints of another that are loaded still. The fastpath leaves a faulter's for
    /// its pager and the slow path does not, so where the two are compared it may not.
    /// </summary>
    public bool OthersBreakpointsStrike { get; set; } = true;

    /// <summary>A debug exception of the current thread, for this cause (DR6). No breakpoint strikes where none is loaded.</summary>
    public Thread* DebugException(uint cpu, ulong cause)
    {
        const ulong step = 1 << 14;
        Thread* owner = Cpu(cpu)->DebugOwner;
        bool strikes = owner != null && (OthersBreakpointsStrike || owner == Cpu(cpu)->Current);
        cause &= strikes ? ulong.MaxValue : step;
        if (cause == 0)
        {
            return Cpu(cpu)->Current;
        }
        Cpu(cpu)->Current->Flags |= ThreadFlags.FullFrame;
        DebugRegisters.Cause = cause;
        return Leaving(cpu, &Trapped);
    }

    /// <summary>Another exception of the current thread.</summary>
    public Thread* Exception(uint cpu, ulong vector)
    {
        Thread* thread = Cpu(cpu)->Current;
        thread->Flags |= ThreadFlags.FullFrame;
        RunningThread.TakeBack(thread);
        exceptionVector = vector;
        return Leaving(cpu, &Excepted);
    }

    private static ulong exceptionVector;

    // As Traps has it.
    private static Thread* Excepted(Cpu* cpu)
    {
        Thread* thread = RunningThread.WriteDown(cpu);
        cpu->Count(CpuCounter.Exceptions);
        Faults.Note(thread, FaultLabel.Exception, exceptionVector, 0);
        return Scheduler.Choose(cpu);
    }

    private static Thread* Trapped(Cpu* cpu)
    {
        Thread* thread = RunningThread.WriteDown(cpu);
        cpu->Count(CpuCounter.Exceptions);
        return Debugging.Trapped(cpu, thread);
    }

    private static ulong faultAddress;
    private static FaultAccess faultAccess;

    private static Thread* DeliverFault(Cpu* cpu)
    {
        // As the entry finds it.
        RunningThread.TakeBack(cpu->Current);
        return _pageFault(cpu, faultAddress, (ulong)faultAccess);
    }
}
