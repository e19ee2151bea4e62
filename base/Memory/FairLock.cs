using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics.X86;
using System.Threading;
using Skerry.Base.Kernel;

namespace Skerry.Base.Memory;

/// <summary>
/// As <see cref="ExclusiveLock"/>, in the order in which they ask: whoever gives the lock back and asks again stands behind
/// all who waited. For what is held for so long that an unfair lock would let one have it again and again.
/// </summary>
/// <remarks>
/// A ticket lock (Mellor-Crummey and Scott 1991, 2.2). Each change of hands waits for one certain CPU, which on an emulated
/// machine may be one that does not run just then: locks that are held for a few dozen instructions are better unfair.
/// </remarks>
public struct FairLock
{
    /// <summary>The ticket that whoever asks next draws.</summary>
    private int _next;

    /// <summary>The ticket whose turn it is. Its holder alone writes it.</summary>
    private int _turn;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Acquire()
    {
        int ticket = Interlocked.Increment(ref _next) - 1;
        if (Volatile.Read(ref _turn) != ticket)
        {
            Wait(ticket);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Release() => Volatile.Write(ref _turn, _turn + 1);

    [MethodImpl(MethodImplOptions.NoInlining)]
    private void Wait(int ticket)
    {
        do
        {
            // The holder may be on another CPU, which runs the sooner for it: under a hypervisor, or where one thread
            // of the host plays all CPUs by turns.
            X86Base.Pause();
            Processor.Yield();
        } while (Volatile.Read(ref _turn) != ticket);
    }
}
