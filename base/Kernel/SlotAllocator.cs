using System.Numerics;
using System.Runtime.CompilerServices;
using System.Threading;

namespace Skerry.Base.Kernel;

/// <summary>Which slots of a capability table are free: one bit each, and a hint where to look first.</summary>
/// <remarks>
/// For any number of threads, without a lock: one that is destroyed in the midst of it, or has no turn any more, keeps a run
/// of slots at most, and nobody waits for it.
/// </remarks>
public struct SlotAllocator
{
    public const int MaximumSlots = Words * BitsPerWord;
    public const int MaximumRun = 16;
    private const int Words = 1024;
    private const int BitsPerWord = 64;

    /// <summary>A set bit is a free slot.</summary>
    private Bitmap _free;

    /// <summary>As a rule no word before this one has a free bit; it is where to begin, and no more.</summary>
    private int _hint;
    private uint _limit;

    /// <summary>Slots that are free now.</summary>
    public readonly int FreeCount
    {
        get
        {
            int count = 0;
            for (int word = 0; word < UsedWords; word++)
            {
                count += BitOperations.PopCount(Volatile.Read(in _free[word]));
            }
            return count;
        }
    }

    private readonly int UsedWords => (int)((_limit + BitsPerWord - 1) / BitsPerWord);

    /// <summary>
    /// From now on the slots from <paramref name="first"/> up to, but without, <paramref name="limit"/> are free. No other
    /// thread uses it yet.
    /// </summary>
    public void Initialise(uint first, uint limit)
    {
        _free = default;
        _hint = 0;
        _limit = limit < MaximumSlots ? limit : MaximumSlots;
        for (uint slot = first; slot < _limit; slot++)
        {
            _free[(int)(slot / BitsPerWord)] |= 1ul << (int)(slot % BitsPerWord);
        }
    }

    /// <summary>Takes so many consecutive slots, 1 to <see cref="MaximumRun"/>; false if none were found.</summary>
    public bool TryAllocate(int count, out CapabilitySlot first)
    {
        first = default;
        if (count < 1 || count > MaximumRun)
        {
            return false;
        }
        int words = UsedWords;
        int begin = Volatile.Read(ref _hint);
        bool skippedFree = false;
        for (int i = 0; i < words; i++)
        {
            int word = begin + i < words ? begin + i : begin + i - words;
            if (TryTake(ref _free[word], count, out int bit, out bool hasFree))
            {
                if (!skippedFree)
                {
                    Volatile.Write(ref _hint, word);
                }
                first = new CapabilitySlot((uint)(word * BitsPerWord + bit));
                return true;
            }
            skippedFree |= hasFree;
        }
        return false;
    }

    /// <summary>Gives one slot back; false if it was not taken, or is none of this table's.</summary>
    public bool Free(CapabilitySlot slot)
    {
        if (slot.IsNull || slot.Value >= _limit)
        {
            return false;
        }
        int word = (int)(slot.Value / BitsPerWord);
        ulong bit = 1ul << (int)(slot.Value % BitsPerWord);
        if ((Interlocked.Or(ref _free[word], bit) & bit) != 0)
        {
            return false;
        }
        if (word < Volatile.Read(ref _hint))
        {
            Volatile.Write(ref _hint, word);
        }
        return true;
    }

    /// <summary>Takes the lowest run of one word.</summary>
    private static bool TryTake(ref ulong free, int count, out int bit, out bool hasFree)
    {
        ulong seen = Volatile.Read(ref free);
        while (true)
        {
            hasFree = seen != 0;
            ulong runs = RunStarts(seen, count);
            bit = BitOperations.TrailingZeroCount(runs);
            if (runs == 0)
            {
                return false;
            }
            ulong run = ((1ul << count) - 1) << bit;
            ulong before = Interlocked.CompareExchange(ref free, seen & ~run, seen);
            if (before == seen)
            {
                return true;
            }
            seen = before;
        }
    }

    /// <summary>The bits at which so many set bits begin within the word.</summary>
    private static ulong RunStarts(ulong free, int count)
    {
        ulong starts = free;
        for (int i = 1; i < count; i++)
        {
            starts &= free >> i;
        }
        return starts;
    }

    [InlineArray(Words)]
    private struct Bitmap
    {
        private ulong _word;
    }
}
