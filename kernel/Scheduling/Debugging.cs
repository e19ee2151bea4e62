using Skerry.Abi;
using Skerry.Kernel.Interrupts;
using Skerry.Kernel.Ipc;
using Skerry.Kernel.Objects;

namespace Skerry.Kernel.Scheduling;

/// <summary>
/// Threads with breakpoints or single step. None of it costs a fastpath anything: those never lead to such a thread, and
/// while it runs its system calls take another door.
/// </summary>
/// <remarks>
/// Its breakpoints are loaded when a slow path leaves the kernel to it, and cleared when one leaves to another thread. In
/// between, its page fault may have gone to a pager by the fastpath: the pager then runs with the faulter's breakpoints,
/// which are cleared if they strike, and through the slow door, which is how the kernel gets to clear them. Only until then
/// may a Reply object vouch for the faulter. See docs/decisions/0047.
/// </remarks>
internal static unsafe class Debugging
{
    private const ulong TrapFlag = 1 << 8;
    private const ulong ResumeFlag = 1 << 16;

    /// <summary>Which breakpoints struck, and that it was a single step (DR6, Intel SDM vol. 3B, 18.2.3).</summary>
    private const ulong Breakpoints = 0xf;
    private const ulong Step = 1 << 14;

    /// <summary>On the way out to a thread, if it is debugged or the last one was.</summary>
    public static void Switch(Cpu* cpu, Thread* next)
    {
        if (cpu->DebugOwner != null && cpu->DebugOwner != next)
        {
            Unload(cpu);
        }
        if ((next->Flags & ThreadFlags.Debugged) == 0)
        {
            return;
        }
        if (cpu->DebugOwner == null)
        {
            cpu->DebugOwner = next;
            DebugRegisters.Load(cpu, next->Breakpoints, next->DebugControl);
        }
        if (next->SingleSteps)
        {
            RegisterTransfer.Complete(next);
            next->Rflags |= TrapFlag;
        }
    }

    private static void Unload(Cpu* cpu)
    {
        Thread* owner = cpu->DebugOwner;
        if (owner != Nobody(cpu))
        {
            Unvouch(owner);
        }
        cpu->DebugOwner = null;
        DebugRegisters.Clear(cpu);
    }

    /// <summary>
    /// A Reply object vouches for a debugged thread only if its fault went to a pager of this CPU by the fastpath. One that
    /// waits for the answer to a call may wait on another CPU, which alone may touch what it waits on.
    /// </summary>
    private static void Unvouch(Thread* owner)
    {
        if (owner->State != ThreadState.Faulted || (owner->Flags & ThreadFlags.SendsFault) != 0)
        {
            return;
        }
        Reply* reply = owner->AwaitedReply;
        if (reply != null && reply->Word == (ulong)owner + Reply.LentByFault)
        {
            reply->Unmark();
        }
    }

    /// <summary>
    /// What is loaded for this thread is no longer right: it goes, changes its CPU or what it is debugged for. The CPU is the
    /// thread's, and stands still.
    /// </summary>
    public static void Forget(Cpu* home, Thread* thread)
    {
        if (home->DebugOwner == thread)
        {
            home->DebugOwner = Nobody(home);
        }
    }

    /// <summary>Stands for a thread that is gone, whose breakpoints are loaded still.</summary>
    private static Thread* Nobody(Cpu* cpu) => (Thread*)cpu;

    /// <summary>After a change of its breakpoints or of single step. Its CPU stands still.</summary>
    public static void Update(Cpu* home, Thread* thread)
    {
        bool isDebugged = thread->DebugControl != 0 || thread->SingleSteps;
        thread->Flags = isDebugged ? thread->Flags | ThreadFlags.Debugged : thread->Flags & ~ThreadFlags.Debugged;
        if (!thread->SingleSteps)
        {
            thread->Rflags &= ~TrapFlag;
        }
        thread->UpdateServerReply();
        if (Lending.AwaitsAnswer(thread))
        {
            thread->AwaitedReply->Unmark();
        }
        Forget(home, thread);
    }

    /// <summary>A debug exception of the current thread.</summary>
    /// <returns>The thread to resume.</returns>
    public static Thread* Trapped(Cpu* cpu, Thread* thread)
    {
        ulong cause = DebugRegisters.TakeCause() & (Breakpoints | Step);
        bool isOwn = cpu->DebugOwner == thread;
        if (!isOwn && cpu->DebugOwner != null && (cause & Breakpoints) != 0)
        {
            Unload(cpu);
            if ((cause & Step) == 0)
            {
                return Scheduler.Choose(cpu);
            }
        }
        cause &= isOwn ? Step | Enabled(thread->DebugControl) : Step;
        ulong address = 0;
        for (int i = 3; i >= 0; i--)
        {
            if ((cause >> i & 1) != 0)
            {
                address = thread->Breakpoints[i];
                // Else the instruction would strike again when it is resumed (Intel SDM vol. 3B, 18.3.1.1).
                bool executes = BreakpointOf(thread->DebugControl, i) == BreakpointKind.Execute;
                thread->Rflags |= executes ? ResumeFlag : 0;
            }
        }
        Faults.Note(thread, FaultLabel.Debug, cause, address);
        return Scheduler.Choose(cpu);
    }

    private static BreakpointKind BreakpointOf(ulong control, int index) =>
        (BreakpointKind)(control >> (16 + 4 * index) & 3);

    /// <summary>The bits of DR6 that belong to what DR7 enables.</summary>
    private static ulong Enabled(ulong control) =>
        (control & 1) | (control >> 1 & 2) | (control >> 2 & 4) | (control >> 3 & 8);
}
