using System;
using System.Runtime.CompilerServices;
using Skerry.Base.Kernel;
using Skerry.Base.Measurement;
using Skerry.Base.Text;
using Environment = Skerry.Base.Startup.Environment;

namespace Skerry.Apps.ServersBench;

/// <summary>The samples of the rows that are being measured, and what is said about them.</summary>
internal static class Report
{
    /// <summary>The sample whose path is followed: by then all is warm, and a debugger has had its time.</summary>
    private const int FollowedRound = 40;
    private const int CalibrationRounds = 10;

    private static bool isWrong;
    private static bool isFollowed;
    private static ulong empty;

    private static ReadOnlySpan<byte> PathWord => "path="u8;

    /// <summary>Every operation measured has answered what it should.</summary>
    public static bool IsRight => !isWrong;

    private static ulong Now => SystemCalls.ReadTimeStampCounter();

    /// <summary>What two readings cost by themselves.</summary>
    public static void Calibrate()
    {
        empty = ulong.MaxValue;
        for (int i = 0; i < CalibrationRounds; i++)
        {
            ulong start = Start(i);
            ulong ticks = End(i) - start;
            empty = ticks < empty ? ticks : empty;
        }
    }

    /// <summary>Before the samples of a row: whether a debugger is to follow one (<c>skerry bench --path</c>).</summary>
    public static void Begin(in Environment environment, ReadOnlySpan<byte> name) =>
        isFollowed =
            CommandWords.TryFind(environment.Arguments, PathWord, out ReadOnlySpan<byte> followed)
            && followed.SequenceEqual(name);

    /// <summary>The reading before an operation.</summary>
    /// <param name="round">The sample's number; warm-up has negative ones.</param>
    public static ulong Start(int round)
    {
        if (isFollowed && round == FollowedRound)
        {
            PathBegins();
        }
        return Now;
    }

    /// <summary>The reading behind an operation that began with <see cref="Start"/>.</summary>
    public static ulong End(int round)
    {
        ulong end = Now;
        if (isFollowed && round == FollowedRound)
        {
            PathEnds();
        }
        return end;
    }

    /// <summary>Where a debugger begins to follow every instruction (qemu/debugger/path.py).</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void PathBegins() => SystemCalls.ReadTimeStampCounter();

    /// <summary>Where it stops.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void PathEnds() => SystemCalls.ReadTimeStampCounter();

    /// <summary>Of an operation between two readings.</summary>
    public static ulong Between(ulong start, ulong end) => end - start - empty;

    /// <summary>A row whose operations have answered something else is no figure.</summary>
    public static void Check(bool isRight) => isWrong |= !isRight;

    /// <summary>Prints the row.</summary>
    public static void Print(in Environment environment, ReadOnlySpan<byte> name, ref Samples samples)
    {
        Span<byte> buffer = stackalloc byte[BenchLine.MaximumBytes];
        var line = new TextBuilder(buffer);
        BenchLine.Append(ref line, name, ref samples, environment.Arguments);
        environment.Log.Write(in line);
    }
}
