using System.Runtime;
using Skerry.Abi;
using Skerry.Abi.Boot;
using Skerry.Apps.KernelTests;
using Skerry.Base.Kernel;
using Skerry.Base.Layout;
using Skerry.Base.Text;

namespace Skerry.Apps.KernelLatency;

/// <summary>
/// How long a thread of the highest priority waits behind the kernel's work for others: this program runs in core's place
/// and speaks to the kernel alone. First with the other CPUs of the cluster idle, then with all of them at the longest
/// work there is.
/// </summary>
internal static class Program
{
    /// <summary>Far below the probe, and above the threads that operations are made on.</summary>
    public const uint OwnPriority = 30;

    [RuntimeExport(ComponentEntryPoints.ComponentMain)]
    private static unsafe void Main(ulong argument)
    {
        Workshop.Open();
        if ((Workshop.Facts->Flags & BootFlags.Root) == 0)
        {
            Worker.WaitForEver();
        }
        var self = new ThreadCapability(new CapabilitySlot((uint)InitialSlot.Thread));
        Workshop.Must(self.SetPriority(OwnPriority, Workshop.Control(0)));
        LargeRows.Open();
        Subject.Open();
        Probe.Start();
        if (CommandWords.Has(Workshop.CommandLine, "late=1"u8))
        {
            LateRow.Run();
            Console.End(ExitCode.Success);
        }
        if (CommandWords.Has(Workshop.CommandLine, "rows=many"u8))
        {
            LargeRows.Run();
            MemoryRows.RunMany();
            CpuRows.Run();
        }
        else
        {
            RunAll();
        }
        Console.End(Subject.IsRight ? ExitCode.Success : ExitCode.TestFailure);
    }

    private static void RunAll()
    {
        MemoryRows.Run();
        CapabilityRows.Run();
        ThreadRows.Run();
        MessageRows.Run();
        TransferRows.Run();
        PagerRows.Run();
        PortRows.Run();
        LargeRows.Run();
        LoanRows.Run();
        RefillRows.Run();
        NoTimeRows.Run();
        CpuRows.Run();
        CrowdRows.Run();
    }

    [RuntimeExport(ComponentEntryPoints.ThreadMain)]
    private static void ThreadMain(ulong argument)
    {
        var slot = new CapabilitySlot((uint)(argument >> 32));
        switch ((Role)(uint)argument)
        {
            case Role.Count:
                Probe.Run();
                break;
            case Role.Echo:
                MessageRows.Serve(new EndpointCapability(slot));
                break;
            case Role.Sender:
                Throng.Be();
                break;
            case Role.Touch:
                MessageRows.Touch();
                break;
            case Role.Write:
                PagerRows.Touch(new NotificationCapability(slot));
                break;
            case Role.Pager:
                PagerRows.Serve();
                break;
            case Role.RpcServer:
                TransferRows.Serve(new EndpointCapability(slot));
                break;
            case Role.Caller:
                LoanRows.Begin();
                break;
            case Role.Translator:
                LoanRows.Pass(slot.Value);
                break;
            case Role.Spin:
                while (true) { }
            case Role.Signal:
                while (true)
                {
                    new NotificationCapability(slot).Signal();
                }
            case Role.Invoker:
                Crowd.Work(slot.Value);
                break;
        }
        Worker.WaitForEver();
    }

    [RuntimeExport(RuntimeSymbols.RuntimeFailure)]
    private static void OnFailure(uint reason)
    {
        Console.Test("latency-runtime"u8, false, "reason"u8, reason);
        Console.End(ExitCode.TestFailure);
    }
}
