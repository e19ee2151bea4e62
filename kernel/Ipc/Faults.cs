using System.Runtime;
using System.Threading;
using Skerry.Abi;
using Skerry.Kernel.Capabilities;
using Skerry.Kernel.Cluster;
using Skerry.Kernel.Layout;
using Skerry.Kernel.Machine;
using Skerry.Kernel.Objects;
using Skerry.Kernel.Scheduling;
using Skerry.Kernel.Startup;

namespace Skerry.Kernel.Ipc;

/// <summary>
/// Faults of user threads become messages to the pager of the CPU they happened on: the address space's fault table has
/// an endpoint for each CPU, and the faulting thread is as one that calls it.
/// </summary>
/// <remarks>
/// The path of a page fault, downwards: vector stub (kernel/Entry/PageFaultStubs), which keeps the message in
/// registers → <see cref="DeliverToWaiting"/> → the pager; and back: <see cref="ReplyMapping"/>. If the pager waits,
/// nothing is locked and no interrupt is sent.
/// </remarks>
internal static unsafe class Faults
{
    /// <summary>
    /// The pager waits and is passive: it runs at once, on the faulter's context. The faulter's registers are saved.
    /// <see cref="DirectSwitch.Declined"/>: the slow path; nothing has changed.
    /// </summary>
    [RuntimeExport(EntryPoints.FaultsDeliverToWaiting)]
    private static Thread* DeliverToWaiting(Cpu* cpu, Thread* faulter)
    {
        AddressSpace* space = faulter->AddressSpace;
        uint slot = FaultTable.SlotFor(cpu->Index);
        if (!FaultTables.Has(space, slot))
        {
            return DirectSwitch.Declined(cpu);
        }
        if (
            !DirectSwitch.FindReceiver(
                FaultTables.TableOf(space),
                slot << Capability.SizeBits,
                cpu,
                out Endpoint* endpoint,
                out Reply* reply,
                out Thread* pager,
                out ulong badge
            )
        )
        {
            return DirectSwitch.Declined(cpu);
        }
        DirectSwitch.Lend<FaultLoan>(cpu, faulter, endpoint, reply, pager, badge);
        return pager;
    }

    [RuntimeExport(EntryPoints.FaultsPageFault)]
    private static Thread* PageFault(Cpu* cpu, ulong address, ulong access)
    {
        Thread* faulter = RunningThread.WriteDown(cpu);
        cpu->Count(CpuCounter.FaultsDelivered);
        // If an interrupt comes first, or the thread is stopped, it makes the access again, and faults again.
        if (ClusterLock.Acquire(cpu))
        {
            // If its time was taken meanwhile, it has none to lend either, and makes the access again when it has some.
            if (cpu->Current == faulter && !Lending.HasNoTime(faulter))
            {
                Raise(cpu, faulter, FaultLabel.Page, address, access);
            }
            ClusterLock.Release();
        }
        return Scheduler.ChooseUnlessParked(cpu);
    }

    /// <summary>
    /// An exception of the current thread, which may have its instruction behind it, so that it would not come again. It is
    /// raised before the thread goes on in user mode, whatever becomes of the thread until then.
    /// </summary>
    public static void Note(Thread* thread, FaultLabel label, ulong word0, ulong word2)
    {
        thread->FaultLabel = label;
        thread->FaultWord0 = word0;
        thread->FaultWord2 = word2;
        thread->Flags |= ThreadFlags.FaultDue;
    }

    /// <summary>
    /// A thread that is to run has no time, and wants it told. It has nothing to run on until then, so an exception that is
    /// due is raised in place of this. What there is to tell is asked when it is raised.
    /// </summary>
    public static void NoteTimeout(Thread* thread)
    {
        if ((thread->Flags & ThreadFlags.FaultDue) == 0)
        {
            Note(thread, FaultLabel.Timeout, 0, 0);
        }
    }

    /// <summary>Of the budget that a thread has, which has ended: whether its last Timeout was of that end.</summary>
    public static bool HasToldOf(Thread* thread) =>
        thread->ToldOf == thread->SchedContext && thread->ToldEnd == thread->SchedContext->EndedAt;

    /// <summary>It is not to be told any more: the thread was stopped, or begins to stand without time anew.</summary>
    public static void ForgetTimeout(Thread* thread)
    {
        if (thread->FaultLabel == FaultLabel.Timeout)
        {
            thread->Flags &= ~ThreadFlags.FaultDue;
        }
    }

    /// <summary>
    /// On the way out of the kernel: the fault that was noted of the current thread. It is the current one no more, unless
    /// there is nothing to tell, as its time came back or it went on with its own, or an interrupt waits: that one strikes
    /// before its next instruction, and the way out is taken once more.
    /// </summary>
    /// <returns>Whether an interrupt is to be taken before.</returns>
    public static bool RaiseNoted(Cpu* cpu, Thread* thread)
    {
        if (!ClusterLock.Acquire(cpu))
        {
            return true;
        }
        if (cpu->Current == thread)
        {
            thread->Flags &= ~ThreadFlags.FaultDue;
            GoOnWithOwn(cpu, thread);
            if (thread->FaultLabel != FaultLabel.Timeout)
            {
                Raise(cpu, thread, thread->FaultLabel, thread->FaultWord0, thread->FaultWord2);
            }
            else if (!Readiness.MayRun(thread) && Readiness.TellsThatItHasNone(thread))
            {
                RaiseTimeout(cpu, thread);
            }
        }
        ClusterLock.Release();
        return false;
    }

    /// <summary>The current thread stops here until its fault is answered. Under the cluster lock.</summary>
    public static void Raise(Cpu* cpu, Thread* faulter, FaultLabel label, ulong word0, ulong word2)
    {
        faulter->FaultLabel = label;
        faulter->FaultWord0 = word0;
        faulter->FaultWord2 = word2;
        RegisterTransfer.Complete(faulter);
        cpu->Current = null;
        QueueAtPager(cpu, faulter);
    }

    /// <summary>A system call that the thread wants to be a fault: it stands at the instruction again.</summary>
    /// <returns>False if this status of this thread is none.</returns>
    public static bool RaiseForCall(Cpu* cpu, Thread* thread, Status status)
    {
        bool isUnknown = status == Status.UnknownSystemCall && (thread->Faults & ThreadFaults.UnknownSystemCall) != 0;
        bool isCapability =
            status == Status.InvalidCapability
            && (thread->Faults & ThreadFaults.Capability) != 0
            && NamesNothing(thread, thread->Rdi);
        if (cpu->Current != thread || (!isUnknown && !isCapability))
        {
            return false;
        }
        thread->Rip -= Threads.SystemCallInstructionBytes;
        if (isUnknown)
        {
            Raise(cpu, thread, FaultLabel.UnknownSystemCall, thread->Rax, thread->Rdi);
        }
        else
        {
            Raise(cpu, thread, FaultLabel.Capability, thread->Rdi, thread->Rax);
        }
        return true;
    }

    /// <summary>Arguments may name nothing too, but the fault is about the capability that is used.</summary>
    private static bool NamesNothing(Thread* thread, ulong address)
    {
        Capability* capability = Lookup.Slot(thread, address);
        return capability == null || capability->IsEmpty;
    }

    /// <summary>
    /// The budget of the current thread is used up, and it wants that to be a fault. On the way out of the kernel, as
    /// <see cref="RaiseNoted"/>.
    /// </summary>
    /// <returns>Whether an interrupt is to be taken before.</returns>
    public static bool TimeOut(Cpu* cpu, Thread* thread)
    {
        if (!ClusterLock.Acquire(cpu))
        {
            return true;
        }
        if (cpu->Current == thread)
        {
            GoOnWithOwn(cpu, thread);
            SchedContext* context = thread->SchedContext;
            if (context != null && context->Remaining == 0)
            {
                RaiseTimeout(cpu, thread);
            }
        }
        ClusterLock.Release();
        return false;
    }

    /// <summary>What the current thread has of its own that is free, where it has nothing else to run on.</summary>
    private static void GoOnWithOwn(Cpu* cpu, Thread* thread)
    {
        if (Lending.PrefersOwn(thread))
        {
            Lending.GiveBack(cpu, thread);
        }
        else
        {
            Lending.TakeOwn(thread);
        }
    }

    /// <summary>The current thread has no time; if that comes back, says when. Nobody waits for it meanwhile.</summary>
    private static void RaiseTimeout(Cpu* cpu, Thread* thread)
    {
        SchedContext* context = thread->SchedContext;
        ulong consumed = 0;
        ulong wait = FaultMessage.Never;
        thread->ToldOf = null;
        if (context != null)
        {
            consumed = context->Consumed;
            Timekeeping.EndWait(cpu, context);
        }
        if (!Lending.HasNoTime(thread))
        {
            thread->ToldOf = context;
            thread->ToldEnd = context->EndedAt;
            ulong now = Hardware.ReadTimeStampCounter();
            wait = context->RefillAt > now ? context->RefillAt - now : 0;
        }
        Raise(cpu, thread, FaultLabel.Timeout, consumed, wait);
    }

    /// <summary>
    /// Queues the faulter at the endpoint that hears of it; without one it stays stopped until it is suspended, and resumed
    /// then. The cluster's first program has nobody who would do that: the cluster ends.
    /// </summary>
    private static void QueueAtPager(Cpu* cpu, Thread* faulter)
    {
        faulter->State = ThreadState.Faulted;
        faulter->AwaitedReply = null;
        Capability* capability = HandlerOf(cpu, faulter);
        if (capability == null || (capability->Word & Capability.EndpointWithSend) == 0)
        {
            FirstProgram.OnUnheard(cpu, faulter);
            return;
        }
        var endpoint = (Endpoint*)capability->Object;
        if (endpoint->Cpu != cpu->Index)
        {
            return;
        }
        faulter->SendBadge = capability->Badge;
        faulter->Flags |= ThreadFlags.SendsFault;
        Sending.Arrive(cpu, faulter, endpoint);
    }

    /// <summary>Where the fault is told; null if nowhere. A timeout goes to the thread's own handler if it has one.</summary>
    private static Capability* HandlerOf(Cpu* cpu, Thread* faulter)
    {
        if (faulter->FaultLabel == FaultLabel.Timeout && faulter->TimeoutHandler != 0)
        {
            return Lookup.Slot(faulter, faulter->TimeoutHandler);
        }
        AddressSpace* space = faulter->AddressSpace;
        uint slot = FaultTable.SlotFor(cpu->Index);
        return space != null && FaultTables.Has(space, slot) ? FaultTables.TableOf(space) + slot : null;
    }
}
