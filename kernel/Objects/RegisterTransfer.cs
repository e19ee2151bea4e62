using Skerry.Abi;
using Skerry.Kernel.Memory;

namespace Skerry.Kernel.Objects;

/// <summary>A thread's registers from and into another's message (RegisterWords).</summary>
internal static unsafe class RegisterTransfer
{
    /// <summary>Whether the words of `from` can be registers of a thread. Changes nothing.</summary>
    public static Status Check(Thread* from, int length)
    {
        if (length != RegisterWords.Short && length != RegisterWords.Count)
        {
            return Status.InvalidArgument;
        }
        if (length > MessageLimits.RegisterWords && from->Buffer == null)
        {
            return Status.MessageTooLong;
        }
        return PageTables.IsUserRange(from->Word0, 1) ? Status.Ok : Status.InvalidAddress;
    }

    /// <summary>After <see cref="Check"/>. `to` does not run, and resumes with all its registers.</summary>
    public static void Write(Thread* from, int length, Thread* to)
    {
        Complete(to);
        // What it did before is not told: its registers may be another program's from now on.
        to->Flags &= ~ThreadFlags.FaultDue;
        Capabilities.Revocation.Forget(to);
        to->Rip = from->Word0;
        to->Rsp = from->Word1;
        to->Rflags = (from->Word2 & RegisterWords.ChangeableFlags) | Threads.InitialRflags;
        to->Rax = from->Word3;
        if (length == RegisterWords.Count)
        {
            WriteRest(from->Buffer, to);
        }
    }

    private static void WriteRest(MessageBuffer* from, Thread* to)
    {
        to->Info = from->Words[4];
        to->Rcx = from->Words[5];
        to->Rdx = from->Words[6];
        to->Rsi = from->Words[7];
        to->Rdi = from->Words[8];
        to->Rbp = from->Words[9];
        to->R8 = from->Words[10];
        to->R9 = from->Words[11];
        to->R10 = from->Words[12];
        to->R11 = from->Words[13];
        to->Word0 = from->Words[14];
        to->Word1 = from->Words[15];
        to->Word2 = from->Words[16];
        to->Word3 = from->Words[17];
    }

    public static void Read(Thread* of, Thread* to)
    {
        bool isComplete = (of->Flags & ThreadFlags.FullFrame) != 0;
        to->Word0 = of->Rip;
        to->Word1 = of->Rsp;
        to->Word2 = isComplete ? of->Rflags : Threads.InitialRflags;
        to->Word3 = of->Rax;
        MessageBuffer* words = to->Buffer;
        words->Words[4] = of->Info;
        words->Words[5] = isComplete ? of->Rcx : 0;
        words->Words[6] = isComplete ? of->Rdx : 0;
        words->Words[7] = isComplete ? of->Rsi : 0;
        words->Words[8] = of->Rdi;
        words->Words[9] = isComplete ? of->Rbp : 0;
        words->Words[10] = isComplete ? of->R8 : 0;
        words->Words[11] = isComplete ? of->R9 : 0;
        words->Words[12] = isComplete ? of->R10 : 0;
        words->Words[13] = isComplete ? of->R11 : 0;
        words->Words[14] = of->Word0;
        words->Words[15] = of->Word1;
        words->Words[16] = of->Word2;
        words->Words[17] = of->Word3;
    }

    /// <summary>
    /// A thread in a system call, whose other registers are dead, resumes from now on as one that was interrupted: with
    /// those that a system call gives, and 0.
    /// </summary>
    public static void Complete(Thread* thread)
    {
        if ((thread->Flags & ThreadFlags.FullFrame) != 0)
        {
            return;
        }
        thread->Rcx = 0;
        thread->Rdx = 0;
        thread->Rsi = 0;
        thread->Rbp = 0;
        thread->R8 = 0;
        thread->R9 = 0;
        thread->R10 = 0;
        thread->R11 = 0;
        thread->Rflags = Threads.InitialRflags;
        thread->Flags |= ThreadFlags.FullFrame;
    }
}
