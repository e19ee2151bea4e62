using System.Runtime.InteropServices;
using Skerry.Kernel.Layout;

namespace Skerry.Kernel.Objects;

/// <summary>
/// The right to answer one caller, once. Belongs to the CPU of the thread it is bound to, or was last bound to.
/// </summary>
/// <remarks>
/// <code>
///   63                    2  1   0
///  +-----------------------+---+---+
///  |   thread that waits   | F | C |   word
///  +-----------------------+---+---+
/// </code>
/// C: it waits for the answer to a Call, F: for the answer to its fault; with either it belongs to the same CPU, and lent
/// its context to the owner, so that the fastpath needs to ask nothing else. Without a mark the fields say what holds.
/// </remarks>
[StructLayout(LayoutKind.Sequential, Size = 64)]
internal unsafe struct Reply
{
    public const ulong LentByCall = 1;
    public const ulong LentByFault = ReplyLayout.LentByFaultMark;
    private const ulong Marks = LentByCall | LentByFault;

    public ulong Word;

    private Thread* _borrower;

    /// <summary>The thread whose receives bind callers here, or null.</summary>
    public Thread* Owner;

    public uint Cpu;

    /// <summary>
    /// What the caller lent has come to the end of its budget since: the caller goes on behind its equals
    /// (Scheduling/Turns). Only while there is a borrower, and no mark.
    /// </summary>
    public bool CallersTurnIsOver;

    public const int SizeBits = 6;

    /// <summary>Who waits for the answer, or null.</summary>
    public readonly Thread* Caller => (Thread*)(Word & ~Marks);

    /// <summary>The thread that runs on the caller's lent scheduling context, or null if none was lent.</summary>
    public readonly Thread* Borrower => (Word & Marks) != 0 ? Owner : _borrower;

    /// <summary>Who waits for the answer and has lent nothing, or null.</summary>
    public readonly Thread* CallerOnOwnTime => (Word & Marks) == 0 && _borrower == null ? (Thread*)Word : null;

    /// <summary>Keeps a caller or faulter.</summary>
    public void Hold(Thread* caller, Thread* borrower)
    {
        Word = (ulong)caller;
        _borrower = borrower;
    }

    /// <summary>Nobody waits any more; a loan, if there was one, is another matter.</summary>
    public void ForgetCaller()
    {
        Unmark();
        Word = 0;
        CallersTurnIsOver = false;
    }

    public void ForgetBorrower()
    {
        Word &= ~Marks;
        _borrower = null;
        CallersTurnIsOver = false;
    }

    /// <summary>Before anything changes that a mark vouches for: the caller's CPU, its loan, the owner.</summary>
    public void Unmark()
    {
        ReadPoint.Reached(ReadPlace.ReplyMark);
        _borrower = Borrower;
        Word &= ~Marks;
    }

    /// <summary>
    /// If all that a mark vouches for is so, whoever answers need not ask again. Then only the mark knows the borrower, as
    /// the fastpath forgets nothing else.
    /// </summary>
    public void Mark()
    {
        Thread* caller = Caller;
        bool plain = caller != null && caller->Cpu == Cpu && _borrower == Owner && Owner != null && !CallersTurnIsOver;
        plain = plain && (caller->Flags & ThreadFlags.Debugged) == 0;
        if (plain && caller->State == Abi.ThreadState.AwaitingReply && (caller->Flags & ThreadFlags.FullFrame) == 0)
        {
            Word |= LentByCall;
            _borrower = null;
        }
        else if (plain && caller->State == Abi.ThreadState.Faulted)
        {
            Word |= LentByFault;
            _borrower = null;
        }
    }
}
