using Skerry.Abi;
using Skerry.Apps.KernelTests;
using Skerry.Base.Kernel;

namespace Skerry.Apps.KernelLatency;

/// <summary>What one CPU does to another. Nothing to do on one CPU.</summary>
internal static unsafe class CpuRows
{
    private const uint Other = 1;

    private static CpuControlCapability Control => new(new CapabilitySlot((uint)InitialSlot.FirstCpuControl + Other));

    /// <summary>
    /// Where the spinner runs. QEMU 7.2 gives each CPU in turn what is left until the next timer, so that one that never
    /// gives way leaves nothing to those behind it.
    /// </summary>
    private static uint Last => Crowd.Cpus - 1;

    private const uint SpinnerPriority = 20;

    private static Worker spinner;

    public static void Run()
    {
        if (Crowd.Cpus == 1)
        {
            return;
        }
        Metronome.Start();
        Sweep.Row("pass-all"u8, &LeaveLittle, &MemoryRows.Reset);
        Sweep.Row("park-wake"u8, &Subject.Clear, &ParkAndWake);
        spinner = Worker.Make(Workshop.OwnSpace, Last, SpinnerPriority, Role.Spin, CapabilitySlot.Null);
        spinner.Start();
        Sweep.Row("set-cpu-ready"u8, &ThreadRows.MakeMovable, &ThreadRows.GiveAway);
        Sweep.Row("set-cpu-running"u8, &SendAway, &Fetch);
        Sweep.Row("set-cpu-to-running"u8, &FetchBefore, &SendAway);
        Suspend();
        Sweep.Row("suspend-running"u8, &SendAwayAndResume, &Suspend);
        Subject.Check(spinner.Thread.Suspend());
    }

    /// <summary>Every other CPU has to answer before memory that was used begins anew.</summary>
    private static void LeaveLittle()
    {
        Subject.MakeEndpoint();
        Subject.DeleteFirst();
    }

    private static void ParkAndWake()
    {
        Subject.Check(Control.Park());
        Subject.Check(Control.Wake());
    }

    /// <summary>To the other CPU, where it runs, as nobody else does.</summary>
    private static void SendAway() => Subject.Check(spinner.Thread.SetCpu(Workshop.Control(Last)));

    /// <summary>To this CPU, where it is ready behind this program.</summary>
    private static void Fetch() => Subject.Check(spinner.Thread.SetCpu(Workshop.Control(0)));

    private static void FetchBefore()
    {
        Subject.Clear();
        Fetch();
    }

    private static void SendAwayAndResume()
    {
        SendAway();
        Subject.Check(spinner.Thread.Resume());
    }

    private static void Suspend() => Subject.Check(spinner.Thread.Suspend());
}
