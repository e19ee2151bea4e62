using System;
using System.Linq;
using Skerry.Boot.Clocks;
using Xunit;

namespace Skerry.Tests.Host.Boot;

/// <summary>No host is so busy that a speed comes out wrong.</summary>
public sealed class ClockMeasurementTests
{
    private static readonly ReferenceClock _hpet = Clock(ClockSource.Hpet, 100_000_000, uint.MaxValue);
    private static readonly ReferenceClock _acpiTimer = Clock(ClockSource.AcpiTimer, 3_579_545, 0xff_ffff);
    private static readonly ReferenceClock _intervalTimer = Clock(ClockSource.IntervalTimer, 1_193_182, 0xffff);
    private static readonly ReferenceClock _cpuid = Clock(ClockSource.Cpuid, 2_440_000_000, ulong.MaxValue);

    public static TheoryData<ClockSource> Sources =>
        [ClockSource.Hpet, ClockSource.AcpiTimer, ClockSource.IntervalTimer, ClockSource.Cpuid];

    [Theory]
    [MemberData(nameof(Sources))]
    public void OnAQuietHostEachReferenceIsEnough(ClockSource source)
    {
        for (int seed = 0; seed < 20; seed++)
        {
            Assert.Equal(ClockStatus.Measured, Measure(new PlayedMachine(seed), Of(source), out ClockSpeeds speeds));
            AssertRight(speeds);
        }
    }

    [Theory]
    [InlineData(1e-5, 0.02)]
    [InlineData(1e-4, 0.02)]
    [InlineData(1e-3, 0.1)]
    [InlineData(1e-3, 10)]
    [InlineData(1e-2, 0.5)]
    [InlineData(1e-2, 100)]
    [InlineData(0.9, 0.0002)]
    [InlineData(0.9, 0.001)]
    public void OnABusyHostASpeedIsRightOrThereIsNone(double halts, double longest)
    {
        foreach (ReferenceClock clock in new[] { _hpet, _acpiTimer, _intervalTimer, _cpuid })
        {
            for (int seed = 0; seed < 50; seed++)
            {
                var machine = new PlayedMachine(seed) { Halts = halts, LongestHalt = longest };
                ClockStatus status = Measure(machine, clock, out ClockSpeeds speeds);
                Assert.True(status is ClockStatus.Measured or ClockStatus.Unsteady, $"{clock.Source}: {status}");
                if (status == ClockStatus.Measured)
                {
                    AssertRight(speeds);
                }
            }
        }
    }

    [Theory]
    [MemberData(nameof(Sources))]
    public void AHaltEachHundredthMillisecondIsNoObstacle(ClockSource source)
    {
        int measured = Enumerable
            .Range(0, 50)
            .Count(seed =>
            {
                var machine = new PlayedMachine(seed) { Halts = 1e-4, LongestHalt = 0.02 };
                return Measure(machine, Of(source), out _) == ClockStatus.Measured;
            });
        Assert.InRange(measured, 45, 50);
    }

    [Fact]
    public void AReferenceThatStandsIsSeen() =>
        Assert.Equal(
            ClockStatus.Stopped,
            Measure(new PlayedMachine(1) { ReferenceStands = true }, _intervalTimer, out _)
        );

    [Theory]
    [InlineData(56_000, 1e9)]
    [InlineData(14_900_000, 1e9)]
    [InlineData(2.44e9, 1000)]
    [InlineData(30e9, 1e9)]
    public void ASpeedThatCannotBeIsNone(double tsc, double apicTimer) =>
        Assert.NotEqual(
            ClockStatus.Measured,
            Measure(new PlayedMachine(1) { TscHertz = tsc, ApicTimerHertz = apicTimer }, _hpet, out _)
        );

    [Fact]
    public void AReferenceThatRunsWronglyGivesAWrongSpeed()
    {
        // This is what the comparison with the others is for.
        Measure(new PlayedMachine(1) { ReferenceFactor = 2 }, _hpet, out ClockSpeeds speeds);
        Assert.InRange(speeds.TscHertz, 1_215_000_000ul, 1_225_000_000ul);
    }

    private static void AssertRight(ClockSpeeds speeds)
    {
        Assert.InRange(speeds.TscHertz / 2.44e9, 0.996, 1.004);
        Assert.InRange(speeds.ApicTimerHertz / 1e9, 0.996, 1.004);
    }

    private static ClockStatus Measure(PlayedMachine machine, ReferenceClock clock, out ClockSpeeds speeds)
    {
        var clocks = new PlayedClocks(machine);
        return ClockMeasurement.Measure(ref clocks, clock, out speeds);
    }

    private static ReferenceClock Of(ClockSource source) =>
        new[] { _hpet, _acpiTimer, _intervalTimer, _cpuid }.Single(clock => clock.Source == source);

    private static ReferenceClock Clock(ClockSource source, ulong hertz, ulong mask) =>
        new()
        {
            Source = source,
            Hertz = hertz,
            Mask = mask,
        };
}
