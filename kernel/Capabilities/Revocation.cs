using System.Runtime.CompilerServices;
using Skerry.Abi;
using Skerry.Kernel.Cluster;
using Skerry.Kernel.Machine;
using Skerry.Kernel.Objects;
using Skerry.Kernel.Operations;
using Skerry.Kernel.Scheduling;

namespace Skerry.Kernel.Capabilities;

/// <summary>
/// Revokes that have given way before their end, which are noted so that nobody adds capabilities faster than they take them
/// away: who wants to derive from what is being revoked helps instead. One of each CPU's threads at a time
/// (docs/decisions/0065). Under the cluster lock.
/// </summary>
/// <remarks>
/// Noted is the thread that makes the call again and again, and it is forgotten as soon as that thread makes any slow system
/// call, is stopped, moves, or gets other registers; if the call is the same revoke, and gives way once more, it is noted
/// anew. So what was begun and given up is not finished by others, and no note outlives what its slot was in.
/// </remarks>
internal static unsafe class Revocation
{
    /// <summary>The newest of those that are noted.</summary>
    private static RevokeNote* first;

    /// <summary>Of the note that was made last.</summary>
    private static ulong lastNumber;

    /// <summary>Of the revoke that began to wait last.</summary>
    private static ulong lastWait;

    /// <summary>What the last <see cref="Concerns"/> that was true has found.</summary>
    private static RevokeNote* concerned;

    // Of the call that is under way:

    /// <summary>Whose revoke was noted until it began; if it gives way once more that is noted again.</summary>
    private static Thread* resuming;

    /// <summary>What its thread kept when it gave way the last time, and is to keep if it does once more.</summary>
    private static CallMadeAgain kept;

    /// <summary>For the sake of which note a message did not bring a capability, and that one's number.</summary>
    private static RevokeNote* owedTo;
    private static ulong owedNumber;

    public static bool IsUnderWay => first != null;

    /// <summary>For the checked kernel.</summary>
    public static RevokeNote* First => first;

    /// <summary>How many tables must be gone for the call under way to end; kept while it is made again (DyingTables).</summary>
    public static ulong AwaitedTables
    {
        get => kept.AwaitedTables;
        set => kept.AwaitedTables = value;
    }

    /// <summary>The same of those that a revoke has put aside until now.</summary>
    public static ulong TablesPutAside
    {
        get => kept.TablesPutAside;
        set => kept.TablesPutAside = value;
    }

    /// <summary>
    /// The revoke of what this slot holds, by the CPU's current thread, is not finished. If one of another thread is noted here,
    /// that stays until its end, but for no longer than a second once somebody waits for its place; who has waited longest for it
    /// is next.
    /// </summary>
    public static void Note(Cpu* cpu, Capability* slot)
    {
        Thread* thread = cpu->Current;
        RevokeNote* note = &cpu->Revoke;
        bool goesOn = resuming == thread && note->Revoked == slot && note->Word == slot->Word;
        if (!goesOn && !MayBeNoted(note, thread))
        {
            return;
        }
        if (note->Revoker == null)
        {
            note->Following = first;
            first = note;
        }
        note->Revoker = thread;
        note->Next = note->Next == thread ? null : note->Next;
        kept.WaitsSince = 0;
        if (!goesOn)
        {
            note->Revoked = slot;
            note->Word = slot->Word;
            note->NotedAt = Hardware.ReadTimeStampCounter();
            note->Number = ++lastNumber;
        }
    }

    private static bool MayBeNoted(RevokeNote* note, Thread* thread)
    {
        if (kept.WaitsSince == 0)
        {
            kept.WaitsSince = ++lastWait;
        }
        bool waitsLonger = note->Next == null || note->NextSince > kept.WaitsSince;
        if (waitsLonger || note->Next == thread || IsSecondSince(note->NextCalledAt))
        {
            note->Next = thread;
            note->NextSince = kept.WaitsSince;
            note->NextCalledAt = Hardware.ReadTimeStampCounter();
        }
        bool isFree = note->Revoker == null || IsSecondSince(note->NotedAt);
        return isFree && note->Next == thread;
    }

    /// <summary>Enough for whoever is away for its equals' turns, or until its budget comes back.</summary>
    private static bool IsSecondSince(ulong time) =>
        (long)(Hardware.ReadTimeStampCounter() - time) > (long)Timekeeping.TscHertz;

    /// <summary>The thread is stopped: it may do something else from now on, with registers that may be others.</summary>
    public static void Forget(Thread* thread)
    {
        thread->MadeAgain.Stop();
        ForgetNote(thread);
    }

    /// <summary>The thread leaves its CPU, or <see cref="Forget"/>.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void ForgetNote(Thread* thread) => ForgetNote(ClusterCpus.At(thread->Cpu), thread);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void ForgetNote(Cpu* home, Thread* thread)
    {
        RevokeNote* note = &home->Revoke;
        if (note->Revoker == thread)
        {
            End(note);
        }
        if (note->Next == thread)
        {
            note->Next = null;
        }
    }

    private static void End(RevokeNote* note)
    {
        note->Revoker = null;
        if (first == note)
        {
            first = note->Following;
            return;
        }
        RevokeNote* before = first;
        while (before->Following != note)
        {
            before = before->Following;
        }
        before->Following = note->Following;
    }

    /// <summary>A slow system call of the CPU's thread begins: if it is the noted revoke once more, that is noted again.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void GiveUp(Cpu* cpu, Thread* thread)
    {
        if (cpu->Revoke.Revoker == thread)
        {
            End(&cpu->Revoke);
            resuming = thread;
        }
        if (!thread->MadeAgain.IsNothing)
        {
            TakeKept(thread);
        }
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void TakeKept(Thread* thread)
    {
        kept = thread->MadeAgain.IsOf(thread) ? thread->MadeAgain : default;
        thread->MadeAgain = default;
    }

    /// <summary>Behind a slow system call.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Called()
    {
        resuming = null;
        kept = default;
    }

    /// <summary>
    /// At the start of the thread's revoke: whether others have brought it to its end while it gave way, with nothing left:
    /// whatever was derived since came after it.
    /// </summary>
    public static bool IsFinished(Capability* slot) => kept.IsFinished(slot->Word);

    /// <summary>The call that is under way gives way. Its thread may have been stopped by what it did.</summary>
    public static void Keep(Thread* thread)
    {
        thread->MadeAgain = kept;
        thread->MadeAgain.GiveWay(thread);
        if (thread->State == ThreadState.Inactive)
        {
            thread->MadeAgain.Stop();
        }
    }

    /// <summary>A table ends, and with it its slots.</summary>
    public static void ForgetTable(Capability* table, uint slots)
    {
        RevokeNote* next;
        for (RevokeNote* note = first; note != null; note = next)
        {
            next = note->Following;
            if (note->Revoked >= table && note->Revoked < table + slots)
            {
                End(note);
            }
        }
    }

    /// <summary>
    /// Whether this capability may be one of those that a revoke which is under way has not reached yet, and that was noted
    /// before the call that is under way was made for the first time: later ones could follow each other for as long as
    /// somebody likes. If so, the call is not made but <see cref="Help"/>.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool Concerns(Capability* source) => IsUnderWay && Find(source, kept.NewestRevoke);

    /// <summary>
    /// The same for a message, which nobody makes again. It may be of anybody, so what the call under way has kept is nothing to
    /// it. If so, it does not bring the capability, but <see cref="OweHelp"/>.
    /// </summary>
    public static bool ConcernsMessage(Capability* source) => IsUnderWay && Find(source, newest: 0);

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static bool Find(Capability* source, ulong newest)
    {
        RevokeNote* next;
        for (RevokeNote* note = first; note != null; note = next)
        {
            next = note->Following;
            if (note->Revoked->Word != note->Word)
            {
                // The slot holds something else by now.
                End(note);
                continue;
            }
            bool isLater = newest != 0 && note->Number > newest;
            if (!isLater && RevokeScope.Includes(note->Revoked, source))
            {
                concerned = note;
                return true;
            }
        }
        return false;
    }

    /// <summary>
    /// In place of a call that would add to it: one step. Anything may be gone afterwards, the thread included, so the call is
    /// made again; that it is concerned ends with those revokes that are noted now, or with its capability.
    /// </summary>
    public static Status Help(Cpu* cpu)
    {
        kept.NewestRevoke = kept.NewestRevoke == 0 ? lastNumber : kept.NewestRevoke;
        Step(cpu, concerned);
        return Invocation.Restart;
    }

    private static void Step(Cpu* cpu, RevokeNote* note)
    {
        Thread* revoker = note->Revoker;
        ulong before = DyingTables.Come;
        bool isOver = !Deletion.RevokeStep(cpu, note->Revoked);
        // Also if the step has stopped it, or is its end: its memory is used for nothing else before this one is over.
        revoker->MadeAgain.TablesPutAside = DyingTables.MarkSince(before, revoker->MadeAgain.TablesPutAside);
        if (note->Revoker != revoker)
        {
            return;
        }
        if (isOver)
        {
            revoker->MadeAgain.Finish(note->Word);
            End(note);
        }
    }

    /// <summary>Where a step would take away what is still used: it is made when the call is over.</summary>
    public static void OweHelp()
    {
        owedTo = concerned;
        owedNumber = concerned->Number;
    }

    /// <summary>Behind a call or the service of requests; nothing is used any more.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void PayHelp(Cpu* cpu)
    {
        if (owedTo != null)
        {
            Pay(cpu);
        }
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void Pay(Cpu* cpu)
    {
        RevokeNote* note = owedTo;
        owedTo = null;
        bool isNoted = note->Revoker != null && note->Number == owedNumber;
        if (isNoted && note->Revoked->Word == note->Word)
        {
            Step(cpu, note);
        }
    }
}
