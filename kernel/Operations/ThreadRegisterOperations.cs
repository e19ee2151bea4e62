using Skerry.Abi;
using Skerry.Kernel.Cluster;
using Skerry.Kernel.Memory;
using Skerry.Kernel.Objects;

namespace Skerry.Kernel.Operations;

/// <summary>Operations of threads: their registers. A thread whose registers are all read, or written, stands still meanwhile.</summary>
internal static unsafe class ThreadRegisterOperations
{
    /// <summary>
    /// A look that stops nobody, as threads are polled with it: four words that need not be of one moment. Nothing else is
    /// read of a thread of another CPU that does not stand still.
    /// </summary>
    public static Status ReadRegisters(Thread* thread, InvocationArguments arguments)
    {
        // Of a thread that runs, elsewhere, its state says nothing; in a system call, its flags do not.
        bool runs = ClusterCpus.At(thread->Cpu)->Current == thread;
        ThreadState state = runs ? ThreadState.Running : thread->State;
        ulong flags = (thread->Flags & ThreadFlags.FullFrame) != 0 ? thread->Rflags : Threads.InitialRflags;
        return arguments.Return(thread->Rip, thread->Rsp, flags, (ulong)state);
    }

    public static Status WriteRegisters(Thread* thread, InvocationArguments arguments)
    {
        if (thread->State != ThreadState.Inactive)
        {
            return Status.InvalidState;
        }
        if (!PageTables.IsUserRange(arguments.Word0, 1))
        {
            return arguments.Refuse(Status.InvalidAddress, 0);
        }
        Threads.ResetRegisters(thread);
        thread->Rip = arguments.Word0;
        thread->Rsp = arguments.Word1;
        thread->Rdi = arguments.Word2;
        return Status.Ok;
    }

    public static Status ReadAll(Cpu* cpu, Thread* thread, InvocationArguments arguments)
    {
        Thread* caller = arguments.Caller;
        if (thread == caller)
        {
            return Status.InvalidState;
        }
        if (caller->Buffer == null)
        {
            return Status.MessageTooLong;
        }
        Cpu* home = ClusterCpus.At(thread->Cpu);
        Rendezvous.Hold(cpu, home);
        // One that waits for the lock stands before its call, which it would make again if it were stopped.
        bool isBefore = home->Current == thread && home->CallNotBegun;
        thread->Rip -= isBefore ? Threads.SystemCallInstructionBytes : 0;
        RegisterTransfer.Read(thread, caller);
        thread->Rip += isBefore ? Threads.SystemCallInstructionBytes : 0;
        Rendezvous.Release(cpu, home);
        return Status.Ok;
    }

    public static Status WriteAll(Cpu* cpu, Thread* thread, InvocationArguments arguments)
    {
        Thread* caller = arguments.Caller;
        if (thread == caller)
        {
            return Status.InvalidState;
        }
        Status status = RegisterTransfer.Check(caller, RegisterWords.Count);
        if (status != Status.Ok)
        {
            return arguments.Refuse(status, 0);
        }
        Threads.Hold(cpu, thread, out Cpu* home, out Cpu* place);
        switch (thread->State)
        {
            case ThreadState.Running:
            case ThreadState.Ready:
                // A system call that it stands at the beginning of is not made.
                Threads.Detach(home, thread, Status.Cancelled);
                RegisterTransfer.Write(caller, RegisterWords.Count, thread);
                Threads.Wake(cpu, thread);
                break;
            case ThreadState.Inactive:
            case ThreadState.Faulted:
                RegisterTransfer.Write(caller, RegisterWords.Count, thread);
                break;
            default:
                status = Status.InvalidState;
                break;
        }
        Threads.Release(cpu, home, place);
        return status;
    }
}
