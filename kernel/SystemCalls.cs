using System.Runtime;
using Skerry.Abi;
using Skerry.Kernel.Capabilities;
using Skerry.Kernel.Cluster;
using Skerry.Kernel.Ipc;
using Skerry.Kernel.Layout;
using Skerry.Kernel.Objects;
using Skerry.Kernel.Operations;
using Skerry.Kernel.Scheduling;

namespace Skerry.Kernel;

/// <summary>
/// Every system call that the fastpath did not take. The entry stub has put rax, rdi, rbx and r12 to r15 into the thread; whoever handles the call puts its results there.
/// </summary>
internal static unsafe class SystemCalls
{
    [RuntimeExport(EntryPoints.SystemCallsEnter)]
    public static Thread* Enter(Cpu* cpu)
    {
        Thread* thread = RunningThread.WriteDown(cpu);
        cpu->Count(CpuCounter.SlowSystemCalls);
        if (thread->Rax == (ulong)SystemCall.Yield)
        {
            // Concerns this CPU's threads alone, so it takes no lock.
            thread->Rax = (ulong)Status.Ok;
            Yielding.Yield(cpu);
            return Scheduler.Choose(cpu);
        }
        cpu->CallNotBegun = true;
        bool isLocked = ClusterLock.Acquire(cpu);
        cpu->CallNotBegun = false;
        if (!isLocked)
        {
            return TakeInterruptFirst(cpu, thread);
        }
        if (cpu->Current != thread)
        {
            // It was stopped, or the CPU parked, while it waited.
            ClusterLock.Release();
            return Scheduler.ChooseUnlessParked(cpu);
        }
        Handle(cpu, thread);
        ClusterLock.Release();
        return Scheduler.Choose(cpu);
    }

    /// <summary>One came while the call waited to begin: in user mode it strikes at once, and then the call is made again.</summary>
    private static Thread* TakeInterruptFirst(Cpu* cpu, Thread* thread)
    {
        if (cpu->Current == thread)
        {
            thread->Rip -= Threads.SystemCallInstructionBytes;
        }
        return Scheduler.ChooseUnlessParked(cpu);
    }

    private static void Handle(Cpu* cpu, Thread* thread)
    {
        if (Requests.MustWait(cpu))
        {
            Threads.CallAgain(thread);
            return;
        }
        Revocation.GiveUp(cpu, thread);
        Status status = Dispatch(cpu, thread, (SystemCall)thread->Rax, thread->Rdi);
        Revocation.Called();
        // A call that waits, or was answered at once, has its result in its registers or will get it there.
        if (status != Status.Ok && !Faults.RaiseForCall(cpu, thread, status))
        {
            thread->Rax = (ulong)status;
        }
        Revocation.PayHelp(cpu);
    }

    private static Status Dispatch(Cpu* cpu, Thread* thread, SystemCall call, ulong slot)
    {
        switch (call)
        {
            case SystemCall.Call:
            case SystemCall.Send:
            case SystemCall.NBSend:
                return Ending(thread, call, Sending.Start(cpu, thread, slot, call));
            case SystemCall.ReplyRecv:
                return Replying.ReplyRecv(cpu, thread, slot);
            case SystemCall.ReplyMapRecv:
                return ReplyMapping.ReplyMapRecv(cpu, thread, slot);
            case SystemCall.Recv:
                return Receiving.Start(cpu, thread, slot, mayWait: true);
            case SystemCall.NBRecv:
                return Receiving.Start(cpu, thread, slot, mayWait: false);
            case SystemCall.Signal:
                return Ending(thread, call, Notifications.Signal(cpu, thread, slot));
            case SystemCall.Wait:
                return Notifications.Wait(cpu, thread, slot, mayWait: true);
            case SystemCall.Poll:
                return Notifications.Wait(cpu, thread, slot, mayWait: false);
            case SystemCall.Invoke:
                return Invocation.Start(cpu, thread, slot);
            default:
                return Status.UnknownSystemCall;
        }
    }

    /// <summary>A call that does not wait has ended; one that waits gets its result later.</summary>
    private static Status Ending(Thread* thread, SystemCall call, Status status)
    {
        bool ended = status == Status.Ok && thread->State == ThreadState.Running && call != SystemCall.Call;
        if (ended)
        {
            thread->Rax = (ulong)Status.Ok;
        }
        return status;
    }
}
