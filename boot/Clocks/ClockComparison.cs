using System;
using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using Skerry.Boot.Warnings;

namespace Skerry.Boot.Clocks;

/// <summary>What each reference says of the speeds, and what is to be believed.</summary>
public struct ClockComparison
{
    /// <summary>One of each source.</summary>
    public const int Capacity = 4;

    /// <summary>References agree if they differ by no more than one part in so many.</summary>
    private const ulong Agreement = 64;

    private Opinions _opinions;

    public int Count { get; private set; }

    [UnscopedRef]
    public ReadOnlySpan<ClockOpinion> All => ((Span<ClockOpinion>)_opinions).Slice(0, Count);

    /// <summary>The most exact ones come first.</summary>
    public void Add(ClockSource source, ClockStatus status, ClockSpeeds speeds)
    {
        Span<ClockOpinion> opinions = _opinions;
        opinions[Count++] = new ClockOpinion
        {
            Source = source,
            Status = status,
            Speeds = speeds,
        };
    }

    /// <summary>What most of them say, and a warning for each that says something else or does not run.</summary>
    public ClockVerdict Choose(out ClockSpeeds speeds, ref WarningList warnings)
    {
        ReadOnlySpan<ClockOpinion> all = All;
        int best = -1;
        bool isTie = false;
        for (int i = 0; i < all.Length; i++)
        {
            if (all[i].Status == ClockStatus.Measured)
            {
                int difference = best < 0 ? 1 : Friends(all, i) - Friends(all, best);
                isTie = difference <= 0 && (isTie || (difference == 0 && !AreFriends(all, i, best)));
                best = difference > 0 ? i : best;
            }
        }
        speeds = best < 0 ? default : all[best].Speeds;
        if (best < 0 || isTie)
        {
            return best < 0 ? ClockVerdict.NoClock : ClockVerdict.Disagreement;
        }
        for (int i = 0; i < all.Length; i++)
        {
            Warn(all[i], AreFriends(all, i, best), ref warnings);
        }
        return ClockVerdict.Chosen;
    }

    private static int Friends(ReadOnlySpan<ClockOpinion> all, int of)
    {
        int friends = 0;
        for (int i = 0; i < all.Length; i++)
        {
            friends += AreFriends(all, i, of) ? 1 : 0;
        }
        return friends;
    }

    private static bool AreFriends(ReadOnlySpan<ClockOpinion> all, int one, int other) =>
        all[one].Status == ClockStatus.Measured
        && all[other].Status == ClockStatus.Measured
        && all[one].Speeds.Agree(all[other].Speeds, Agreement);

    /// <summary>
    /// An interval timer that is not there is no fault: nothing has named it. Nor is one that a busy host gave no quiet
    /// moment, while others had theirs.
    /// </summary>
    private static void Warn(ClockOpinion opinion, bool agrees, ref WarningList warnings)
    {
        bool isAbsent = opinion.Status == ClockStatus.Stopped && opinion.Source == ClockSource.IntervalTimer;
        if (agrees || isAbsent || opinion.Status == ClockStatus.Unsteady)
        {
            return;
        }
        bool stands = opinion.Status == ClockStatus.Stopped;
        WarningReason reason = stands ? WarningReason.ClockStands : WarningReason.ClockDisagrees;
        warnings.Add(SourceOf(opinion.Source), reason, opinion.Speeds.TscHertz);
    }

    public static WarningSource SourceOf(ClockSource source) =>
        source switch
        {
            ClockSource.Hpet => WarningSource.Hpet,
            ClockSource.AcpiTimer => WarningSource.AcpiTimer,
            ClockSource.Cpuid => WarningSource.Cpuid,
            _ => WarningSource.IntervalTimer,
        };

    [InlineArray(Capacity)]
    private struct Opinions
    {
        private ClockOpinion _opinion;
    }
}

/// <summary>What one reference says.</summary>
public struct ClockOpinion
{
    public ClockSource Source;
    public ClockStatus Status;
    public ClockSpeeds Speeds;
}

/// <summary>Whether there is a speed to believe in.</summary>
public enum ClockVerdict : byte
{
    Chosen,
    NoClock,
    Disagreement,
}
