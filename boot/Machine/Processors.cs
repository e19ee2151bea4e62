using System;
using System.Runtime;
using System.Runtime.CompilerServices;
using System.Threading;
using Skerry.Boot.Acpi;
using Skerry.Boot.Clusters;
using Skerry.Boot.Layout;

namespace Skerry.Boot.Machine;

/// <summary>
/// Starts the other CPUs, twice: the first time each tells what caches it shares and stops; the second time, when its
/// kernel is made, it goes there. All of one round are started at once, and a stopped CPU costs nothing meanwhile.
/// </summary>
internal static unsafe class Processors
{
    private const uint TrampolinePage = BootLayout.TrampolineAddress >> 12;

    /// <summary>Intel SDM vol. 3A, 9.4.4.1: INIT, 10 ms, start-up IPI, 200 µs, start-up IPI.</summary>
    private const ulong InitMicroseconds = 10_000;
    private const ulong StartupMicroseconds = 200;

    /// <summary>
    /// A round is over when no CPU has come for so long. Emulated CPUs by the hundred on a busy host are silent for seconds.
    /// </summary>
    private const ulong SilenceMicroseconds = 8_000_000;

    /// <summary>By APIC id; each CPU writes its own entry, the presence last.</summary>
    private static CpuAnswers answers;

    /// <summary>By APIC id; written by the boot CPU before the second round.</summary>
    private static Orders orders;

    /// <summary>CPUs that have come in this round.</summary>
    private static int arrived;

    /// <summary>Whether the second round has begun.</summary>
    private static bool areKernelsReady;

    public static ReadOnlySpan<CpuAnswer> Answers => answers;

    public static void SetOrder(uint apicId, KernelOrder order)
    {
        Span<KernelOrder> all = orders;
        all[(int)apicId] = order;
    }

    /// <summary>The boot CPU answers itself.</summary>
    public static void Discover(ref CpuTable cpus, uint bootApicId)
    {
        CopyTrampoline();
        MemoryTypeRanges.Save();
        Answer(bootApicId);
        Start(ref cpus, bootApicId);
    }

    /// <summary>Every CPU in the table has an order. False: not all came.</summary>
    public static bool EnterKernels(ref CpuTable cpus, uint bootApicId)
    {
        // In this order: a CPU that comes too late for the first round is then not counted in the second.
        Volatile.Write(ref areKernelsReady, true);
        Interlocked.Exchange(ref arrived, 0);
        return Start(ref cpus, bootApicId);
    }

    /// <summary>Does not return. A CPU without an order stays unused.</summary>
    public static void EnterKernel(uint apicId)
    {
        Span<KernelOrder> all = orders;
        KernelOrder order = all[(int)apicId];
        if (order.RootTable == 0)
        {
            Processor.HaltForever();
        }
        Interlocked.Increment(ref arrived);
        Processor.EnterKernel(order.RootTable, order.StackTop, order.Information, order.Cpu, order.Entry);
    }

    /// <summary>Every other CPU, from the trampoline, on its own stack.</summary>
    [RuntimeExport(BootEntryPoints.ProcessorsMain)]
    private static void Main(uint apicId)
    {
        if (Volatile.Read(ref areKernelsReady))
        {
            MemoryTypeRanges.Load();
            EnterKernel(apicId);
        }
        Answer(apicId);
        Interlocked.Increment(ref arrived);
        Processor.HaltForever();
    }

    private static void Answer(uint apicId)
    {
        Span<CpuAnswer> all = answers;
        all[(int)apicId].Sharing = CacheSharingReader<ProcessorCpuid>.Read();
        Volatile.Write(ref all[(int)apicId].IsPresent, true);
    }

    private static bool Start(ref CpuTable cpus, uint bootApicId)
    {
        int expected = 0;
        for (uint i = 0; i < CpuTable.Capacity; i++)
        {
            if (i != bootApicId && cpus.Contains(i))
            {
                LocalApic.SendInit(i);
                expected++;
            }
        }
        Clock.Wait(InitMicroseconds);
        for (int round = 0; round < 2 && Volatile.Read(ref arrived) < expected; round++)
        {
            for (uint i = 0; i < CpuTable.Capacity; i++)
            {
                if (i != bootApicId && cpus.Contains(i))
                {
                    LocalApic.SendStartup(i, TrampolinePage);
                }
            }
            Clock.Wait(StartupMicroseconds);
        }
        return WaitFor(expected);
    }

    private static bool WaitFor(int expected)
    {
        int seen = Volatile.Read(ref arrived);
        ulong since = Processor.ReadTimeStampCounter();
        while (seen < expected && !Clock.HasPassed(since, SilenceMicroseconds))
        {
            int now = Volatile.Read(ref arrived);
            if (now != seen)
            {
                seen = now;
                since = Processor.ReadTimeStampCounter();
            }
        }
        return seen >= expected;
    }

    private static void CopyTrampoline()
    {
        byte* from = (byte*)Processor.Trampoline();
        byte* to = (byte*)BootLayout.TrampolineAddress;
        ulong bytes = Processor.TrampolineEnd() - Processor.Trampoline();
        for (ulong i = 0; i < bytes; i++)
        {
            to[i] = from[i];
        }
    }

    [InlineArray(CpuTable.Capacity)]
    private struct Orders
    {
        private KernelOrder _order;
    }
}
