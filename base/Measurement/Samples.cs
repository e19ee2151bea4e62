using System;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Skerry.Base.Measurement;

/// <summary>
/// Durations of one operation, repeated. In ticks of the time-stamp counter, which are instructions when QEMU counts
/// them (-icount shift=0).
/// </summary>
public struct Samples
{
    public const int Capacity = 2000;

    private Values _values;
    private int _count;

    public readonly int Count => _count;

    /// <summary>What two readings of the counter cost by themselves; subtracted from every sample.</summary>
    public ulong Empty { readonly get; private set; }

    /// <summary>Forgotten once the capacity is reached.</summary>
    public void Add(ulong ticks)
    {
        if (_count < Capacity)
        {
            _values[_count++] = ticks > Empty ? ticks - Empty : 0;
        }
    }

    public void Clear() => _count = 0;

    /// <summary>Two adjacent readings: call it a few times before the first sample.</summary>
    public void Calibrate(ulong first, ulong second)
    {
        ulong ticks = second - first;
        Empty = Empty == 0 || ticks < Empty ? ticks : Empty;
    }

    /// <summary>Ascending. Afterwards <see cref="At"/> gives percentiles. (Shell's method: in place, no recursion.)</summary>
    public void Sort()
    {
        Span<ulong> all = MemoryMarshal
            .CreateSpan(ref Unsafe.As<Values, ulong>(ref _values), Capacity)
            .Slice(0, _count);
        for (int gap = all.Length / 2; gap > 0; gap /= 2)
        {
            for (int i = gap; i < all.Length; i++)
            {
                Insert(all, i, gap);
            }
        }
    }

    private static void Insert(Span<ulong> all, int index, int gap)
    {
        ulong value = all[index];
        int place = index;
        for (; place >= gap && all[place - gap] > value; place -= gap)
        {
            all[place] = all[place - gap];
        }
        all[place] = value;
    }

    /// <summary>The sample that so many of a hundred do not exceed; 0 the least. Sorted before; 0 without samples.</summary>
    public readonly ulong At(int percentile) => _count == 0 ? 0 : _values[(_count - 1) * percentile / 100];

    [InlineArray(Capacity)]
    private struct Values
    {
        private ulong _ticks;
    }
}
