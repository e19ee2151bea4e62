using Skerry.Abi;
using Skerry.Apps.KernelTests;
using Skerry.Base.Kernel;

namespace Skerry.Apps.KernelLatency;

/// <summary>What one CPU does to another. Nothing to do on one CPU.</summary>
internal static unsafe class CpuRows
{
    private const uint Other = 1;

    private static CpuControlCapability Control => new(new CapabilitySlot((uint)InitialSlot.FirstCpuControl + Other));

    public static void Run()
    {
        if (Crowd.Cpus == 1)
        {
            return;
        }
        Metronome.Start();
        Sweep.Row("park-wake"u8, &Subject.Clear, &ParkAndWake);
    }

    private static void ParkAndWake()
    {
        Subject.Check(Control.Park());
        Subject.Check(Control.Wake());
    }
}
