using System.Runtime.CompilerServices;

namespace Skerry.Base.Memory;

/// <summary>
/// As <see cref="ExclusiveLock"/>, in the order in which they ask: whoever gives the lock back and asks again stands behind
/// all who waited. For what is held for so long that an unfair lock would let one have it again and again.
/// </summary>
/// <remarks>
/// A ticket lock (Mellor-Crummey and Scott 1991, 2.2). Each change of hands waits for one certain CPU, which on an emulated
/// machine may be one that does not run just then: locks that are held for a few dozen instructions are better unfair.
/// </remarks>
public struct FairLock<TMemory>
    where TMemory : struct, ILockMemory
{
    /// <summary>The ticket that whoever asks next draws.</summary>
    private int _next;

    /// <summary>The ticket whose turn it is. Its holder alone writes it.</summary>
    private int _turn;

    /// <summary>There was a moment, during the look, at which nobody held it or waited.</summary>
    public bool IsFree
    {
        // The turn only grows, and never beyond the next ticket: if this one was it before, it still is at the second look.
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get
        {
            int turn = TMemory.Read(ref _turn);
            return TMemory.Read(ref _next) == turn;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Acquire()
    {
        int ticket = TMemory.Draw(ref _next);
        if (TMemory.Read(ref _turn) != ticket)
        {
            Wait(ticket);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Release() => TMemory.Write(ref _turn, TMemory.Read(ref _turn) + 1);

    [MethodImpl(MethodImplOptions.NoInlining)]
    private void Wait(int ticket)
    {
        do
        {
            TMemory.Wait();
        } while (TMemory.Read(ref _turn) != ticket);
    }
}
