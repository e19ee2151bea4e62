using System;
using Skerry.Base.Text;

namespace Skerry.Base.Measurement;

/// <summary>The line that programs read: <c>@bench NAME unit=… n=… min=… median=… p99=…</c>.</summary>
public static class BenchLine
{
    public const int MaximumBytes = 224;

    private static ReadOnlySpan<byte> CountingWord => "icount=1"u8;

    /// <summary>Sorts the samples.</summary>
    /// <param name="line">Where to.</param>
    /// <param name="name">What was measured.</param>
    /// <param name="samples">The durations.</param>
    /// <param name="arguments">The component's: core adds icount=1 if the machine counts instructions.</param>
    public static void Append(
        ref TextBuilder line,
        ReadOnlySpan<byte> name,
        ref Samples samples,
        ReadOnlySpan<byte> arguments
    )
    {
        AppendFields(ref line, name, ref samples, arguments);
        line.AppendLine();
    }

    /// <summary>With two fields more: what the user level took of the median, in the same unit, and what is left.</summary>
    public static void Append(
        ref TextBuilder line,
        ReadOnlySpan<byte> name,
        ref Samples samples,
        ulong userShare,
        ReadOnlySpan<byte> arguments
    )
    {
        AppendFields(ref line, name, ref samples, arguments);
        ulong median = samples.At(50);
        line.Append(" user="u8).AppendDecimal(userShare);
        line.Append(" kernel="u8).AppendDecimal(median > userShare ? median - userShare : 0).AppendLine();
    }

    private static void AppendFields(
        ref TextBuilder line,
        ReadOnlySpan<byte> name,
        ref Samples samples,
        ReadOnlySpan<byte> arguments
    )
    {
        samples.Sort();
        line.Append("@bench "u8).Append(name).Append(" unit="u8).Append(UnitOf(arguments));
        line.Append(" n="u8).AppendDecimal((ulong)(uint)samples.Count);
        line.Append(" min="u8).AppendDecimal(samples.At(0));
        line.Append(" median="u8).AppendDecimal(samples.At(50));
        line.Append(" p99="u8).AppendDecimal(samples.At(99));
    }

    /// <summary>Never one as if it were the other: ticks say nothing under an emulator that does not count.</summary>
    public static ReadOnlySpan<byte> UnitOf(ReadOnlySpan<byte> arguments) =>
        CountsInstructions(arguments) ? "instructions"u8 : "ticks"u8;

    /// <summary>Whether the machine was started so that its time-stamp counter counts instructions.</summary>
    public static bool CountsInstructions(ReadOnlySpan<byte> arguments) => CommandWords.Has(arguments, CountingWord);
}
