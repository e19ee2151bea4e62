using Skerry.Abi;
using Skerry.Kernel.Cluster;
using Skerry.Kernel.Ipc;
using Skerry.Kernel.Layout;
using Skerry.Kernel.Scheduling;

namespace Skerry.Kernel.Objects;

/// <summary>Starting, waking and stopping threads. Under the cluster lock.</summary>
internal static unsafe class Threads
{
    /// <summary>Reserved bit 1 and the interrupt flag (Intel SDM vol. 1, 3.4.3).</summary>
    public const ulong InitialRflags = 0x202;

    // Legacy region of the XSAVE area (Intel SDM vol. 1, table 13-1) with the values after reset that user code expects.
    private const int ControlWordOffset = 0;
    private const int MxcsrOffset = 24;
    private const ushort InitialControlWord = 0x37f;
    public const uint InitialMxcsr = 0x1f80;

    public static void Initialise(Thread* thread, uint cpu)
    {
        thread->Cpu = (byte)cpu;
        thread->State = ThreadState.Inactive;
        thread->Flags = ThreadFlags.FullFrame;
        thread->Rflags = InitialRflags;
        thread->UpdateServerReply();
        SetInitialExtendedState(thread);
    }

    /// <summary>
    /// Nothing is left of what an inactive thread computed: its registers are those of a new one. A header of zeroes has
    /// XRSTOR load the initial state (Intel SDM vol. 1, 13.4.2).
    /// </summary>
    public static void ResetRegisters(Thread* thread)
    {
        thread->Flags &= ~(ThreadFlags.FullFrame | ThreadFlags.FaultDue);
        RegisterTransfer.Complete(thread);
        thread->Rip = 0;
        thread->Rsp = 0;
        thread->Rax = 0;
        thread->Rdi = 0;
        thread->Info = 0;
        thread->Word0 = 0;
        thread->Word1 = 0;
        thread->Word2 = 0;
        thread->Word3 = 0;
        for (ulong* word = (ulong*)&thread->ExtendedState; word < (ulong*)(thread + 1); word++)
        {
            *word = 0;
        }
        SetInitialExtendedState(thread);
    }

    /// <summary>Into memory of zeroes.</summary>
    private static void SetInitialExtendedState(Thread* thread)
    {
        byte* extended = &thread->ExtendedState;
        *(ushort*)(extended + ControlWordOffset) = InitialControlWord;
        *(uint*)(extended + MxcsrOffset) = InitialMxcsr;
    }

    /// <summary>A thread in no queue is to run again, on its own CPU.</summary>
    public static void Wake(Cpu* cpu, Thread* thread)
    {
        ClusterLock.MustBeHeld();
        if (thread->Cpu == cpu->Index)
        {
            Readiness.MakeReady(cpu, thread);
        }
        else
        {
            thread->State = ThreadState.Ready;
            Requests.Hand(cpu, ClusterCpus.At(thread->Cpu), thread);
        }
    }

    /// <summary>
    /// Takes a thread out of whatever it does and leaves it inactive. One that is inactive begins to run under the cluster
    /// lock alone, so no CPU has anything of it.
    /// </summary>
    public static void Stop(Cpu* cpu, Thread* thread)
    {
        ClusterLock.MustBeHeld();
        if (thread->State == ThreadState.Inactive)
        {
            return;
        }
        Hold(cpu, thread, out Cpu* home, out Cpu* place);
        Detach(home, thread, Status.Cancelled);
        Debugging.Forget(home, thread);
        Capabilities.Revocation.Forget(thread);
        thread->State = ThreadState.Inactive;
        thread->ToldOf = null;
        Faults.ForgetTimeout(thread);
        Release(cpu, home, place);
    }

    /// <summary>
    /// The CPU that is to stand still while something of a thread alone changes: its own, or this one if it is inactive, as
    /// then no CPU has anything of it.
    /// </summary>
    public static Cpu* HomeOf(Cpu* cpu, Thread* thread) =>
        thread->State == ThreadState.Inactive ? cpu : ClusterCpus.At(thread->Cpu);

    /// <summary>
    /// A thread's own CPU, and the one it waits at, stand still until <see cref="Release"/>; what they were handed is
    /// served before, so the thread is in none of their request lists.
    /// </summary>
    public static void Hold(Cpu* cpu, Thread* thread, out Cpu* home, out Cpu* place)
    {
        home = ClusterCpus.At(thread->Cpu);
        Rendezvous.Hold(cpu, home);
        place = PlaceOfWait(thread, home);
        if (place != home)
        {
            Rendezvous.Hold(cpu, place);
            // Served over there, its call may have ended, and then it was handed back.
            Requests.Serve(home);
        }
    }

    public static void Release(Cpu* cpu, Cpu* home, Cpu* place)
    {
        if (place != home)
        {
            Rendezvous.Release(cpu, place);
        }
        Rendezvous.Release(cpu, home);
    }

    /// <summary>What runs on a CPU that stands still is preempted; a system call that has not begun is made again.</summary>
    public static void SetAside(Cpu* home)
    {
        Thread* thread = home->Current;
        if (thread == null)
        {
            return;
        }
        TakeOff(home, thread);
        Readiness.AwaitTurn(home, thread);
    }

    /// <summary>The current thread of a CPU that may stand still is ready, and in no queue.</summary>
    public static void TakeOff(Cpu* home, Thread* thread)
    {
        if (home->CallNotBegun)
        {
            thread->Rip -= SystemCallInstructionBytes;
        }
        home->Current = null;
        thread->State = ThreadState.Ready;
    }

    private static Cpu* PlaceOfWait(Thread* thread, Cpu* home)
    {
        switch (thread->State)
        {
            case ThreadState.Sending:
            case ThreadState.Receiving:
                return ClusterCpus.At(((Endpoint*)thread->WaitingOn)->Cpu);
            case ThreadState.AwaitingReply:
                return ClusterCpus.At(thread->AwaitedReply->Cpu);
            case ThreadState.Faulted when (thread->Flags & ThreadFlags.SendsFault) != 0:
                return ClusterCpus.At(((Endpoint*)thread->WaitingOn)->Cpu);
            case ThreadState.Faulted when thread->AwaitedReply != null:
                return ClusterCpus.At(thread->AwaitedReply->Cpu);
            default:
                return home;
        }
    }

    /// <summary>Takes a thread out of every queue. A system call that waits has ended with the status.</summary>
    public static void Detach(Cpu* home, Thread* thread, Status status)
    {
        switch (thread->State)
        {
            case ThreadState.Running:
                // At the start of a system call that has not begun: it is made again when the thread resumes.
                if (home->CallNotBegun && home->Current == thread)
                {
                    thread->Rip -= SystemCallInstructionBytes;
                }
                Readiness.Unready(home, thread);
                // The timer may have put it there, in case that it comes back at once.
                Timekeeping.EndWait(home, thread->SchedContext);
                break;
            case ThreadState.Ready:
                Readiness.Unready(home, thread);
                Timekeeping.EndWait(home, thread->SchedContext);
                break;
            case ThreadState.Sending:
                // Handed over and served by now, so it stands in the endpoint's queue.
                EndpointQueue.Remove((Endpoint*)thread->WaitingOn, thread);
                MessageTransfer.Fail(thread, status);
                break;
            case ThreadState.Receiving:
                EndpointQueue.Remove((Endpoint*)thread->WaitingOn, thread);
                MessageTransfer.Fail(thread, status);
                break;
            case ThreadState.Waiting:
                Notifications.Remove((Notification*)thread->WaitingOn, thread);
                MessageTransfer.Fail(thread, status);
                break;
            case ThreadState.AwaitingReply:
                LeaveReply(thread);
                MessageTransfer.Fail(thread, status);
                break;
            case ThreadState.Faulted:
                LeaveFault(thread);
                break;
        }
    }

    /// <summary>The registers still hold the call, so that the thread makes it again; what was done stays done.</summary>
    /// <returns>Ok: there is nothing to write into the registers.</returns>
    public static Status CallAgain(Thread* thread)
    {
        thread->Rip -= SystemCallInstructionBytes;
        return Status.Ok;
    }

    /// <summary>Of the instruction that a thread in a system call has behind it.</summary>
    public const ulong SystemCallInstructionBytes = 2;

    /// <summary>What it lent stays with the server until that one receives again, which gives it back to its owner.</summary>
    private static void LeaveReply(Thread* thread)
    {
        thread->AwaitedReply->ForgetCaller();
        Lending.ForgetLoan(thread->AwaitedReply);
        thread->AwaitedReply = null;
    }

    private static void LeaveFault(Thread* thread)
    {
        if ((thread->Flags & ThreadFlags.SendsFault) != 0)
        {
            EndpointQueue.Remove((Endpoint*)thread->WaitingOn, thread);
            thread->Flags &= ~ThreadFlags.SendsFault;
        }
        else if (thread->AwaitedReply != null)
        {
            LeaveReply(thread);
        }
    }

    /// <summary>The control by which it has its priority goes.</summary>
    public static void LosePriority(Cpu* cpu, Thread* thread)
    {
        Stop(cpu, thread);
        thread->LosePriority();
        thread->PriorityBit = 0;
    }

    /// <summary>Without an address space it can't run on. Its CPU may still have the root loaded, but no longer for it.</summary>
    public static void LoseAddressSpace(Cpu* cpu, Thread* thread)
    {
        Stop(cpu, thread);
        thread->AddressSpace = null;
        thread->Root = 0;
    }

    /// <summary>Without a table it can't run on either.</summary>
    public static void LoseTable(Cpu* cpu, Thread* thread)
    {
        Stop(cpu, thread);
        thread->Capabilities = null;
        thread->CapabilityCount = 0;
    }

    /// <summary>
    /// It runs on, with messages of four words. Its own CPU alone copies to and from its buffer without the lock
    /// (LongMessages), so that stands still: the page is not written once this is back.
    /// </summary>
    public static void LoseBuffer(Cpu* cpu, Thread* thread)
    {
        Cpu* home = HomeOf(cpu, thread);
        Rendezvous.Hold(cpu, home);
        thread->Buffer = null;
        Rendezvous.Release(cpu, home);
    }
}
