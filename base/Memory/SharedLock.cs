using System.Runtime.CompilerServices;

namespace Skerry.Base.Memory;

/// <summary>
/// A lock that one thread holds alone, or any number of CPUs share, each of which holds another lock for what is its own.
/// In the order in which they ask: who shares it goes beside others that do, but never before one that waits to have it
/// alone, nor does that one go before him.
/// </summary>
/// <remarks>
/// Who shares it writes a word of the CPU's own and reads two that nobody writes as long as all share: CPUs that share keep no
/// cache line from each other. Who wants it alone looks at the words of all CPUs (a big-reader lock, as in Linux 2.4, with a
/// ticket lock for those who can't have it at once). The two meet as in Dekker's algorithm: each says that he comes before
/// he looks for the other.
/// </remarks>
public unsafe struct SharedLock<TMemory>
    where TMemory : struct, ILockMemory
{
    /// <summary>Held by who has the lock alone; in passing, by who waited to share it.</summary>
    private FairLock<TMemory> _order;

    /// <summary>The word of the first CPU, bytes from one to the next, and behind the last.</summary>
    private byte* _words;
    private ulong _stride;
    private byte* _end;

    /// <summary>From now on it can be shared, by so many CPUs. Nobody holds it.</summary>
    /// <param name="first">0, as are the others; that CPU alone writes it. One thread on each CPU shares the lock.</param>
    /// <param name="stride">Bytes from one word to the next, a cache line at least.</param>
    /// <param name="count">How many there are.</param>
    public void Initialise(int* first, ulong stride, uint count)
    {
        _words = (byte*)first;
        _stride = stride;
        _end = _words + count * stride;
    }

    /// <summary>Alone: when it comes back nobody shares the lock.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Acquire()
    {
        _order.Acquire();
        for (byte* word = _words; word < _end; word += _stride)
        {
            while (TMemory.Read(ref *(int*)word) != 0)
            {
                TMemory.Wait();
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Release() => _order.Release();

    /// <summary>When it comes back nobody has the lock alone.</summary>
    /// <returns>The CPU's word, for <see cref="ReleaseShared"/>.</returns>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public int* AcquireShared(uint cpu)
    {
        int* word = WordOf(cpu);
        TMemory.WriteAndFence(ref *word, 1);
        if (!_order.IsFree)
        {
            WaitShared(word);
        }
        return word;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void ReleaseShared(int* word) => TMemory.Write(ref *word, 0);

    /// <summary>Behind those who asked before, and before those who will ask. The turn is the next one's at once.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    private void WaitShared(int* word)
    {
        TMemory.Write(ref *word, 0);
        _order.Acquire();
        // Whoever has the next turn reads the word behind the turn.
        TMemory.Write(ref *word, 1);
        _order.Release();
    }

    private readonly int* WordOf(uint cpu) => (int*)(_words + cpu * _stride);
}
