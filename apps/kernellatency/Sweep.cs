using System;
using Skerry.Apps.KernelTests;
using Skerry.Base.Kernel;
using Skerry.Base.Measurement;
using Skerry.Base.Text;

namespace Skerry.Apps.KernelLatency;

/// <summary>
/// One operation, and the release of <see cref="Probe"/> at each of many moments after its begin: from the first
/// instruction to the last, or as far as two periods; then closer together around the moment that was worst.
/// </summary>
internal static unsafe class Sweep
{
    /// <summary>Moments that are tried all over the operation, if the command line says no other number.</summary>
    private const ulong UsualMoments = 48;

    /// <summary>On either side of the worst of them, as many times fewer.</summary>
    private const ulong AroundShare = 4;

    /// <summary>Ticks between two moments: nobody looks closer.</summary>
    private const ulong Closest = 64;

    /// <summary>Ticks. A wait from here on, near the bound, is looked at as close as that, however few moments there are.</summary>
    private const ulong Near = 16_000;

    /// <summary>Ticks that a row takes at most, however few moments are left for an operation that takes long.</summary>
    private const ulong Most = 300_000_000;

    /// <summary>Ticks. What takes longer is made of steps that are all alike, and is met by several releases.</summary>
    private const ulong Furthest = 40_000;

    /// <summary>Ticks to get from the look at the clock to the operation.</summary>
    private const ulong Margin = 600;

    private static ulong worst;
    private static ulong worstOffset;
    private static ulong samples;

    public static void Row(ReadOnlySpan<byte> name, delegate* <void> prepare, delegate* <void> act)
    {
        worst = 0;
        worstOffset = 0;
        samples = 0;
        ulong moments = CommandWords.Number(Workshop.CommandLine, "moments="u8, UsualMoments);
        ulong duration = Duration(prepare, act);
        ulong span = duration < Furthest ? duration : Furthest;
        bool isHuge = duration > Most / moments;
        ulong step = span / (isHuge ? Most / duration + 1 : moments) + 1;
        Over(0, span, step, prepare, act);
        if (!isHuge)
        {
            step = Around(step, moments / AroundShare, prepare, act);
            while (worst >= Near && step > Closest)
            {
                step = Around(step, AroundShare, prepare, act);
            }
        }
        Print(name, duration);
    }

    /// <summary>Between the moments next to the one that was worst.</summary>
    /// <returns>How far apart.</returns>
    private static ulong Around(ulong step, ulong moments, delegate* <void> prepare, delegate* <void> act)
    {
        ulong begin = worstOffset > step ? worstOffset - step : 0;
        ulong smaller = step / moments + 1;
        Over(begin, worstOffset + step, smaller, prepare, act);
        return smaller;
    }

    private static void Over(ulong begin, ulong end, ulong step, delegate* <void> prepare, delegate* <void> act)
    {
        for (ulong offset = begin; offset < end; offset += step)
        {
            Sample(offset, prepare, act);
        }
    }

    /// <summary>Of one that the probe does not interrupt, if that is possible.</summary>
    private static ulong Duration(delegate* <void> prepare, delegate* <void> act)
    {
        prepare();
        AwaitRelease();
        ulong begin = SystemCalls.ReadTimeStampCounter();
        act();
        return SystemCalls.ReadTimeStampCounter() - begin;
    }

    private static void AwaitRelease()
    {
        ulong seen = Probe.Runs;
        while (Probe.Runs == seen) { }
    }

    private static void Sample(ulong offset, delegate* <void> prepare, delegate* <void> act)
    {
        prepare();
        ulong seen = Probe.Runs;
        ulong begin = Probe.NextRelease - offset;
        if (SystemCalls.ReadTimeStampCounter() + Margin >= begin)
        {
            AwaitRelease();
            seen = Probe.Runs;
            begin = Probe.NextRelease - offset;
        }
        Probe.Forget();
        while (SystemCalls.ReadTimeStampCounter() < begin) { }
        act();
        while (Probe.Runs == seen) { }
        samples += Probe.Runs - seen;
        ulong waited = Probe.Longest;
        if (waited > worst)
        {
            worst = waited;
            worstOffset = offset;
        }
    }

    private static void Print(ReadOnlySpan<byte> name, ulong duration)
    {
        byte* buffer = stackalloc byte[BenchLine.MaximumBytes];
        var line = new TextBuilder(new Span<byte>(buffer, BenchLine.MaximumBytes));
        line.Append("@latency "u8).Append(name).Append(" unit="u8).Append(BenchLine.UnitOf(Workshop.CommandLine));
        line.Append(" n="u8).AppendDecimal(samples).Append(" longest="u8).AppendDecimal(worst);
        line.Append(" duration="u8).AppendDecimal(duration).AppendLine();
        Console.Write(line.Text);
    }
}
