using System.Runtime.CompilerServices;
using System.Threading;
using Skerry.Abi;
using Skerry.Base.Kernel;

namespace Skerry.Apps.KernelTests;

/// <summary>What crosses CPUs of one cluster: calls, signals, suspension, unmapping. Nothing to do on one CPU.</summary>
internal static unsafe class ClusterTests
{
    private const uint Calls = 50;

    private static ulong answered;
    private static ulong wrong;
    private static WorkerList callers;

    public static bool Run()
    {
        if (Workshop.Facts->CpuCount < 2)
        {
            return true;
        }
        // Unmapping first, while no third CPU has ever run this address space: how many do is then exact.
        return UnmapAcross() & CallsAcross() & SuspendAcross();
    }

    public static void CallOften(EndpointCapability endpoint)
    {
        for (uint i = 0; i < Calls; i++)
        {
            var message = new Message { Info = MessageInfo.Of(0, 4), Word0 = i };
            bool right = endpoint.Call(ref message) == Status.Ok && message.Word0 == i + 1;
            Interlocked.Add(ref wrong, right ? 0ul : 1ul);
            Interlocked.Add(ref answered, 1ul);
        }
        while (true)
        {
            Processor.Yield();
        }
    }

    /// <summary>Every CPU calls a passive server on CPU 0, whose calls run on the callers' contexts.</summary>
    private static bool CallsAcross()
    {
        EndpointCapability client = MessageTests.StartEcho(Workshop.OwnSpace, 0, out _);
        uint cpus = Workshop.Facts->CpuCount;
        for (uint cpu = 1; cpu < cpus; cpu++)
        {
            callers[(int)cpu] = Worker.Make(Workshop.OwnSpace, cpu, 30, Role.Caller, client.Slot);
            callers[(int)cpu].Start();
        }
        while (Volatile.Read(ref answered) < Calls * (cpus - 1))
        {
            Processor.Yield();
        }
        for (uint cpu = 1; cpu < cpus; cpu++)
        {
            Workshop.Must(callers[(int)cpu].Thread.Suspend());
        }
        Console.Test("calls-across-cpus"u8, wrong == 0, "answers"u8, answered);
        return wrong == 0;
    }

    private static bool SuspendAcross()
    {
        Worker spinner = Worker.Make(Workshop.OwnSpace, 1, 20, Role.Count, new CapabilitySlot(1));
        for (int i = 0; i < 50; i++)
        {
            spinner.Start();
            Workshop.Must(spinner.Thread.Suspend());
            if (spinner.State != ThreadState.Inactive)
            {
                Console.Test("suspend-across-cpus"u8, false, "round"u8, (ulong)(uint)i);
                return false;
            }
        }
        Console.Test("suspend-across-cpus"u8, true, "rounds"u8, 50);
        return true;
    }

    /// <summary>One interrupt for each CPU of the cluster that runs the address space, and none for the others.</summary>
    private static bool UnmapAcross()
    {
        const ulong window = UserLayout.AttachBase + 0x40_0000;
        Worker spinner = Worker.Make(Workshop.OwnSpace, 1, 20, Role.Count, CapabilitySlot.Null);
        spinner.Start();
        ulong before = Volatile.Read(ref SpinnerCounter);
        while (Volatile.Read(ref SpinnerCounter) == before)
        {
            Processor.Yield();
        }
        FrameCapability frame = Workshop.Frame(1);
        Workshop.Map(Workshop.OwnSpace, frame, window, FrameRights.Read | FrameRights.Write, 1);
        ulong sent = Interrupts();
        Workshop.Must(frame.Unmap());
        sent = Interrupts() - sent;
        Workshop.Must(spinner.Thread.Suspend());
        Console.Test("unmap-interrupts"u8, sent == 1, "interrupts"u8, sent);
        return sent == 1;
    }

    private static ref ulong SpinnerCounter => ref SchedulingTests.Counter0;

    private static ulong Interrupts()
    {
        var cpu = new CpuControlCapability(new CapabilitySlot((uint)InitialSlot.FirstCpuControl));
        Workshop.Must(cpu.ReadCounters(out CpuCounters counters));
        return counters[CpuCounter.ClusterInterruptsSent];
    }

    [InlineArray(Abi.Boot.BootInformation.MaximumCpus)]
    private struct WorkerList
    {
        private Worker _worker;
    }
}
