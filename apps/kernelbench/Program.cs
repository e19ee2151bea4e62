using System.Runtime;
using Skerry.Abi;
using Skerry.Abi.Boot;
using Skerry.Apps.KernelTests;
using Skerry.Base.Kernel;
using Skerry.Base.Layout;

namespace Skerry.Apps.KernelBench;

/// <summary>
/// What the kernel's operations cost: this program runs in core's place and speaks to the kernel alone. Everything
/// between two readings of the counter is assembled (apps/kernelbench/Measured/Measure…); what a row's operations answered is
/// checked outside of that.
/// </summary>
internal static class Program
{
    [RuntimeExport(ComponentEntryPoints.ComponentMain)]
    private static unsafe void Main(ulong argument)
    {
        Workshop.Open();
        if ((Workshop.Facts->Flags & BootFlags.Root) == 0)
        {
            Sleep();
        }
        Places.Open();
        Measurement.Calibrate();
        CallRows.Run();
        LendingRows.Run();
        FaultRows.Run();
        NotificationRows.Run();
        CapabilityRows.Run();
        BulkRows.Run();
        TimeRows.Run();
        InterruptRows.Run();
        ClusterRows.Run();
        Console.End(Report.IsRight ? ExitCode.Success : ExitCode.TestFailure);
    }

    /// <summary>The instances of other clusters have nothing to do.</summary>
    private static void Sleep()
    {
        var nothing = new NotificationCapability(Workshop.Make(ObjectType.Notification));
        while (nothing.Wait(out _) == Status.Ok) { }
    }

    [RuntimeExport(ComponentEntryPoints.ThreadMain)]
    private static void ThreadMain(ulong _) => OnFailure(0);

    [RuntimeExport(RuntimeSymbols.RuntimeFailure)]
    private static void OnFailure(uint reason)
    {
        Report.Wrong("runtime"u8, reason);
        Console.End(ExitCode.TestFailure);
    }
}
