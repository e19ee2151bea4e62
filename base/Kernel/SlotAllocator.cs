using System.Numerics;
using System.Runtime.CompilerServices;

namespace Skerry.Base.Kernel;

/// <summary>Which slots of a capability table are free: one bit each, and a hint where to look first.</summary>
/// <remarks>Not safe for threads; <see cref="CapabilitySlots"/> holds the lock.</remarks>
public struct SlotAllocator
{
    public const int MaximumSlots = Words * BitsPerWord;
    public const int MaximumRun = 16;
    private const int Words = 1024;
    private const int BitsPerWord = 64;

    /// <summary>A set bit is a free slot.</summary>
    private Bitmap _free;

    /// <summary>No word before this one has a free bit.</summary>
    private int _firstWord;
    private uint _limit;

    /// <summary>Slots that are free now.</summary>
    public int FreeCount { get; private set; }

    /// <summary>From now on the slots from <paramref name="first"/> up to, but without, <paramref name="limit"/> are free.</summary>
    public void Initialise(uint first, uint limit)
    {
        _free = default;
        FreeCount = 0;
        _firstWord = 0;
        _limit = limit < MaximumSlots ? limit : MaximumSlots;
        for (uint slot = first; slot < _limit; slot++)
        {
            _free[(int)(slot / BitsPerWord)] |= 1ul << (int)(slot % BitsPerWord);
            FreeCount++;
        }
    }

    /// <summary>Takes so many consecutive slots, 1 to <see cref="MaximumRun"/>; false if there are none.</summary>
    public bool TryAllocate(int count, out CapabilitySlot first)
    {
        first = default;
        if (count < 1 || count > MaximumRun || count > FreeCount)
        {
            return false;
        }
        bool skippedFree = false;
        for (int word = _firstWord; word * BitsPerWord < _limit; word++)
        {
            ulong runs = RunStarts(_free[word], count);
            if (runs != 0)
            {
                int bit = BitOperations.TrailingZeroCount(runs);
                _free[word] &= ~(((1ul << count) - 1) << bit);
                FreeCount -= count;
                _firstWord = skippedFree ? _firstWord : word;
                first = new CapabilitySlot((uint)(word * BitsPerWord + bit));
                return true;
            }
            skippedFree |= _free[word] != 0;
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
        if ((_free[word] & bit) != 0)
        {
            return false;
        }
        _free[word] |= bit;
        FreeCount++;
        if (word < _firstWord)
        {
            _firstWord = word;
        }
        return true;
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
