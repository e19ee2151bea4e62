using System;
using Skerry.Boot.Clocks;

namespace Skerry.Tests.Host.Boot;

/// <summary>A machine's counters, on a host that halts the processor now and then.</summary>
internal readonly struct PlayedClocks(PlayedMachine machine) : IClockHardware
{
    public ulong ReadTimeStampCounter() => (ulong)(machine.Pass() * machine.TscHertz) + 0xffff_0000_0000;

    public ulong Read(ReferenceClock clock)
    {
        double seconds = machine.Pass();
        return machine.ReferenceStands ? 0x1234
            : clock.Source == ClockSource.Cpuid ? (ulong)(seconds * machine.TscHertz)
            // Bits that the counter does not have may be anything.
            : (ulong)(seconds * clock.Hertz * machine.ReferenceFactor) | ~clock.Mask;
    }

    public void StartApicTimer() => machine.ApicTimerStart = machine.Pass();

    public uint ReadApicTimer()
    {
        double ticks = (machine.Pass() - machine.ApicTimerStart) * machine.ApicTimerHertz;
        return ticks >= uint.MaxValue ? uint.MaxValue : (uint)ticks;
    }
}

/// <summary>Time passes whenever a counter is read.</summary>
internal sealed class PlayedMachine(int seed)
{
    private readonly Random _random = new(seed);
    private double _seconds = seed * 0.1;

    public double TscHertz { get; init; } = 2_440_000_000;
    public double ApicTimerHertz { get; init; } = 1_000_000_000;

    /// <summary>How much too fast the reference runs.</summary>
    public double ReferenceFactor { get; init; } = 1;
    public bool ReferenceStands { get; init; }

    /// <summary>How likely a halt is at each reading, and its longest.</summary>
    public double Halts { get; init; }
    public double LongestHalt { get; init; }

    public double ApicTimerStart { get; set; }

    /// <returns>The time at which a reading takes place, in its course.</returns>
    public double Pass()
    {
        Halt();
        double now = _seconds += (0.3 + 0.4 * _random.NextDouble()) * 1e-6;
        Halt();
        _seconds += 0.2e-6;
        return now;
    }

    private void Halt() => _seconds += _random.NextDouble() < Halts ? _random.NextDouble() * LongestHalt : 0;
}
