using System.Linq;
using Skerry.Boot.Clocks;
using Skerry.Boot.Warnings;
using Xunit;

namespace Skerry.Tests.Host.Boot;

/// <summary>Whom to believe of several clocks; a speed of 0 stands for a clock that does not run.</summary>
public sealed class ClockComparisonTests
{
    private static readonly ClockSource[] _sources =
    [
        ClockSource.Hpet,
        ClockSource.AcpiTimer,
        ClockSource.Cpuid,
        ClockSource.IntervalTimer,
    ];

    [Theory]
    [InlineData(new ulong[] { 2440 }, 2440)]
    [InlineData(new ulong[] { 2440, 2441, 2442, 2443 }, 2440)]
    [InlineData(new ulong[] { 0, 0, 0, 2443 }, 2443)]
    [InlineData(new ulong[] { 0, 2441, 0, 0 }, 2441)]
    [InlineData(new ulong[] { 4880, 2441, 0, 2443 }, 2441)]
    [InlineData(new ulong[] { 2440, 2441, 1000, 100 }, 2440)]
    public void WhatMostSayIsBelieved(ulong[] megahertz, ulong expected)
    {
        var warnings = new WarningList();
        Assert.Equal(ClockVerdict.Chosen, Choose(megahertz, out ClockSpeeds speeds, ref warnings));
        Assert.Equal(expected * 1_000_000, speeds.TscHertz);
    }

    [Theory]
    [InlineData(new ulong[] { }, ClockVerdict.NoClock)]
    [InlineData(new ulong[] { 0, 0, 0, 0 }, ClockVerdict.NoClock)]
    [InlineData(new ulong[] { 2440, 2600 }, ClockVerdict.Disagreement)]
    [InlineData(new ulong[] { 2440, 2600, 2800, 3000 }, ClockVerdict.Disagreement)]
    [InlineData(new ulong[] { 2440, 2440, 3000, 3000 }, ClockVerdict.Disagreement)]
    [InlineData(new ulong[] { 2440, 3000, 2440, 3000 }, ClockVerdict.Disagreement)]
    public void WithoutAMajorityNobodyIs(ulong[] megahertz, ClockVerdict expected)
    {
        var warnings = new WarningList();
        Assert.Equal(expected, Choose(megahertz, out _, ref warnings));
    }

    [Fact]
    public void WhoIsNotBelievedIsSaid()
    {
        var warnings = new WarningList();
        Choose([0, 2440, 2440, 5000], out _, ref warnings);
        Assert.Equal(
            [
                (WarningSource.Hpet, WarningReason.ClockStands, 0ul),
                (WarningSource.IntervalTimer, WarningReason.ClockDisagrees, 5_000_000_000ul),
            ],
            warnings.Kept.ToArray().Select(warning => (warning.Source, warning.Reason, warning.Detail))
        );
    }

    [Fact]
    public void AnIntervalTimerThatIsNotThereIsNoFault()
    {
        var warnings = new WarningList();
        Choose([2440, 2440, 2440, 0], out _, ref warnings);
        Assert.Equal(0, warnings.Count);
    }

    [Fact]
    public void NorIsOneThatABusyHostDisturbed()
    {
        var comparison = new ClockComparison();
        var warnings = new WarningList();
        comparison.Add(ClockSource.Hpet, ClockStatus.Measured, new ClockSpeeds { TscHertz = 2, ApicTimerHertz = 1 });
        comparison.Add(ClockSource.IntervalTimer, ClockStatus.Unsteady, default);
        Assert.Equal(ClockVerdict.Chosen, comparison.Choose(out ClockSpeeds speeds, ref warnings));
        Assert.Equal((2ul, 0), (speeds.TscHertz, warnings.Count));
    }

    private static ClockVerdict Choose(ulong[] megahertz, out ClockSpeeds speeds, ref WarningList warnings)
    {
        var comparison = new ClockComparison();
        foreach ((ClockSource source, ulong value) in _sources.Zip(megahertz))
        {
            comparison.Add(
                source,
                value == 0 ? ClockStatus.Stopped : ClockStatus.Measured,
                new ClockSpeeds { TscHertz = value * 1_000_000, ApicTimerHertz = value == 0 ? 0ul : 1_000_000_000 }
            );
        }
        return comparison.Choose(out speeds, ref warnings);
    }
}
