using System;
using System.Runtime.CompilerServices;

namespace Skerry.Apps.KernelTests;

/// <summary>Durations of one operation, for their least, median and 99th percentile.</summary>
[InlineArray(Count)]
internal struct Samples
{
    public const int Count = 2000;

    private ulong _ticks;

    /// <summary>Ascending, by insertion into heaps of halving gaps (Shell's method).</summary>
    public static void Sort(Span<ulong> samples)
    {
        for (int gap = samples.Length / 2; gap > 0; gap /= 2)
        {
            for (int i = gap; i < samples.Length; i++)
            {
                ulong value = samples[i];
                int place = i;
                for (; place >= gap && samples[place - gap] > value; place -= gap)
                {
                    samples[place] = samples[place - gap];
                }
                samples[place] = value;
            }
        }
    }
}
