using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Skerry.Kernel.Cluster;
using Skerry.Kernel.Layout;

namespace Skerry.Kernel.Objects;

/// <summary>
/// The right to answer one caller, once. Belongs to the CPU of the thread it is bound to, or was last bound to.
/// </summary>
/// <remarks>
/// <code>
///   63                    2  1   0
///  +-----------------------+---+---+
///  |   thread that waits   | F | A |   word
///  +-----------------------+---+---+
/// </code>
/// A: nobody waits, or what holds is to be asked of the fields. Without it the thread belongs to the same CPU and has lent
/// its context to the owner, so that the fastpath needs to ask nothing else; F: it waits for the answer to its fault, else to
/// a Call. So the address alone vouches for a caller, and is written and read as it is.
/// </remarks>
[StructLayout(LayoutKind.Sequential, Size = 64)]
internal unsafe struct Reply
{
    public const ulong LentByFault = ReplyLayout.LentByFaultMark;

    /// <summary>All of the word while nobody waits.</summary>
    public const ulong Nobody = Asks;
    public const ulong Marks = Asks | LentByFault;
    private const ulong Asks = 1;

    public ulong Word;

    private Thread* _borrower;

    /// <summary>The thread whose receives bind callers here, or null.</summary>
    public Thread* Owner;

    public uint Cpu;

    /// <summary>
    /// What the caller lent has come to the end of its budget since: the caller goes on behind its equals
    /// (Scheduling/Turns). Only while there is a borrower, and the word vouches for nobody.
    /// </summary>
    public bool CallersTurnIsOver;

    /// <summary>The borrower has gone behind its equals for that, which are the caller's too.</summary>
    public bool BorrowerWentBehind;

    public const int SizeBits = 6;

    /// <summary>In memory of zeroes.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Initialise(uint cpu)
    {
        Word = Nobody;
        Cpu = cpu;
    }

    /// <summary>Holds nobody and has no owner: what a thread that serves no fastpath has in place of one.</summary>
    public static Reply* None => &ClusterCpus.At(0)->NoReply;

    /// <summary>The word vouches for who waits.</summary>
    public readonly bool Vouches => (Word & Asks) == 0;

    public readonly bool IsLentByFault => (Word & LentByFault) != 0;

    /// <summary>Who waits for the answer, or null.</summary>
    public readonly Thread* Caller => (Thread*)(Word & ~Marks);

    /// <summary>The thread that runs on the caller's lent scheduling context, or null if none was lent.</summary>
    public readonly Thread* Borrower => Vouches ? Owner : _borrower;

    public readonly bool HasLoan
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => Vouches || _borrower != null;
    }

    /// <summary>Who waits for the answer, or null, where there is no loan.</summary>
    public readonly Thread* CallerOnOwnTime => (Thread*)(Word - Asks);

    /// <summary>Keeps a caller or faulter.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Hold(Thread* caller, Thread* borrower)
    {
        Word = (ulong)caller + Asks;
        _borrower = borrower;
    }

    /// <summary>Nobody waits any more; a loan, if there was one, is another matter.</summary>
    public void ForgetCaller()
    {
        Unmark();
        Word = Nobody;
        CallersTurnIsOver = false;
    }

    public void ForgetBorrower()
    {
        Word = (ulong)Caller | Asks;
        _borrower = null;
        CallersTurnIsOver = false;
    }

    /// <summary>Before anything changes that the word vouches for: the caller's CPU, its loan, the owner.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Unmark()
    {
        ReadPoint.Reached(ReadPlace.ReplyMark);
        if (Vouches)
        {
            _borrower = Owner;
            Word = (Word & ~Marks) | Asks;
        }
    }

    /// <summary>
    /// If all that the word may vouch for is so, whoever answers need not ask again. Then only it knows the borrower, as the
    /// fastpath forgets nothing else.
    /// </summary>
    public void Mark()
    {
        Thread* caller = Caller;
        bool plain = caller != null && caller->Cpu == Cpu && _borrower == Owner && Owner != null && !CallersTurnIsOver;
        plain = plain && (caller->Flags & ThreadFlags.Debugged) == 0;
        if (plain && caller->State == Abi.ThreadState.AwaitingReply && (caller->Flags & ThreadFlags.FullFrame) == 0)
        {
            Word = (ulong)caller;
            _borrower = null;
        }
        else if (plain && caller->State == Abi.ThreadState.Faulted)
        {
            Word = (ulong)caller | LentByFault;
            _borrower = null;
        }
    }
}
