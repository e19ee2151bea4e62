using System;
using Skerry.Abi;
using Skerry.Apps.KernelTests;
using Skerry.Base.Kernel;

namespace Skerry.Apps.KernelLatency;

/// <summary>
/// With <c>late=1</c> this row alone: the probe is kept waiting for longer than it may, by a thread that is better than it
/// for a while. Whoever reads the lines must find it.
/// </summary>
internal static unsafe class LateRow
{
    private const uint AboveProbe = 63;

    /// <summary>As far beyond the bound as this takes.</summary>
    private const ulong Ticks = 30_000;

    private static ThreadCapability self;

    public static void Run()
    {
        self = new ThreadCapability(new CapabilitySlot((uint)InitialSlot.Thread));
        Sweep.Row("yield"u8, &Subject.Clear, &StandInTheWay);
    }

    private static void StandInTheWay()
    {
        Subject.Check(self.SetPriority(AboveProbe, Workshop.Control(0)));
        ulong begin = SystemCalls.ReadTimeStampCounter();
        while (SystemCalls.ReadTimeStampCounter() - begin < Ticks) { }
        Subject.Check(self.SetPriority(Program.OwnPriority, Workshop.Control(0)));
    }
}
