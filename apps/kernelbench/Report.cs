using System;
using Skerry.Apps.KernelTests;
using Skerry.Base.Measurement;
using Skerry.Base.Text;

namespace Skerry.Apps.KernelBench;

/// <summary>The samples of the row that is being measured, and what is said about it.</summary>
internal static unsafe class Report
{
    private static Samples samples;
    private static ulong wrong;
    private static ulong firstWrong;
    private static bool isWrong;

    /// <summary>Every operation measured has answered what it should.</summary>
    public static bool IsRight => !isWrong;

    public static void Begin()
    {
        samples.Clear();
        wrong = 0;
    }

    public static void Add(uint ticks) => samples.Add(ticks);

    public static void Add(ulong ticks) => samples.Add(ticks);

    /// <summary>What was seen instead is printed with the row.</summary>
    public static void Check(bool right, ulong seen)
    {
        if (!right)
        {
            firstWrong = wrong == 0 ? seen : firstWrong;
            wrong++;
        }
    }

    /// <summary>Prints the row; what the user level took of it is known exactly.</summary>
    public static void End(ReadOnlySpan<byte> name, ulong userShare)
    {
        byte* buffer = stackalloc byte[BenchLine.MaximumBytes];
        var line = new TextBuilder(new Span<byte>(buffer, BenchLine.MaximumBytes));
        BenchLine.Append(ref line, name, ref samples, userShare, Workshop.CommandLine);
        Console.Write(line.Text);
        if (wrong != 0)
        {
            Wrong(name, firstWrong);
        }
    }

    public static void Wrong(ReadOnlySpan<byte> name, ulong seen)
    {
        isWrong = true;
        byte* buffer = stackalloc byte[BenchLine.MaximumBytes];
        var line = new TextBuilder(new Span<byte>(buffer, BenchLine.MaximumBytes));
        line.Append("@test kernelbench-"u8).Append(name).Append(" fail "u8).AppendDecimal(wrong);
        line.Append(" wrong answers, the first "u8).AppendHex(seen).AppendLine();
        Console.Write(line.Text);
    }
}
