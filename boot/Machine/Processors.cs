using System;
using System.Runtime;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics.X86;
using System.Threading;
using Skerry.Boot.Acpi;
using Skerry.Boot.Clusters;
using Skerry.Boot.Layout;

namespace Skerry.Boot.Machine;

/// <summary>
/// Starts the other CPUs, all at once: each tells what caches it shares, halts until its kernel is made, and goes there. A
/// halted CPU costs nothing, so however many there are, those that are late have the host to themselves.
/// </summary>
internal static unsafe class Processors
{
    private const uint TrampolinePage = BootLayout.TrampolineAddress >> 12;

    /// <summary>Intel SDM vol. 3A, 9.4.4.1: INIT, 10 ms, start-up IPI, 200 µs, start-up IPI.</summary>
    private const ulong InitMicroseconds = 10_000;
    private const ulong StartupMicroseconds = 200;

    /// <summary>
    /// No more are coming when none has for so long. Emulated CPUs by the hundred on a busy host are silent for seconds.
    /// </summary>
    private const ulong SilenceMicroseconds = 8_000_000;

    /// <summary>The same of CPUs that are there, and share the host with kernels that run already.</summary>
    private const ulong LeavingMicroseconds = 60_000_000;

    /// <summary>By APIC id; each CPU writes its own entry, the presence last.</summary>
    private static CpuAnswers answers;

    /// <summary>By APIC id; written by the boot CPU before the others are woken.</summary>
    private static Orders orders;

    /// <summary>CPUs that have come.</summary>
    private static int arrived;

    /// <summary>CPUs that have left for their kernels.</summary>
    private static int departed;

    /// <summary>Whether CPUs are being woken.</summary>
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

    /// <summary>Every CPU in the table has an order. False: not all have left for their kernels.</summary>
    public static bool EnterKernels(ref CpuTable cpus, uint bootApicId)
    {
        Volatile.Write(ref areKernelsReady, true);
        Span<CpuAnswer> all = answers;
        int expected = 0;
        for (uint i = 0; i < CpuTable.Capacity; i++)
        {
            if (i != bootApicId && Volatile.Read(ref all[(int)i].IsPresent))
            {
                expected += cpus.Contains(i) ? 1 : 0;
                LocalApic.SendWake(i);
            }
        }
        return WaitFor(ref departed, expected, LeavingMicroseconds);
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
        Interlocked.Increment(ref departed);
        Processor.EnterKernel(order.RootTable, order.StackTop, order.Information, order.Cpu, order.Entry);
    }

    /// <summary>Every other CPU, from the trampoline, on its own stack.</summary>
    [RuntimeExport(BootEntryPoints.ProcessorsMain)]
    private static void Main(uint apicId)
    {
        Processor.LoadFaultVectors();
        LocalApic.Enable();
        Answer(apicId);
        Interlocked.Increment(ref arrived);
        do
        {
            // At least once: the interrupt that wakes it must not be left for its kernel.
            Processor.HaltOnce();
            LocalApic.End();
        } while (!Volatile.Read(ref areKernelsReady));
        MemoryTypeRanges.Load();
        EnterKernel(apicId);
    }

    private static void Answer(uint apicId)
    {
        Span<CpuAnswer> all = answers;
        all[(int)apicId].Sharing = CacheSharingReader<ProcessorCpuid>.Read();
        Volatile.Write(ref all[(int)apicId].IsPresent, true);
    }

    private static void Start(ref CpuTable cpus, uint bootApicId)
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
        WaitFor(ref arrived, expected, SilenceMicroseconds);
    }

    /// <summary>Answers whether the count came so far before it stood still for so long (microseconds).</summary>
    private static bool WaitFor(ref int count, int expected, ulong silence)
    {
        int seen = Volatile.Read(ref count);
        ulong since = Processor.ReadTimeStampCounter();
        while (seen < expected && !Clock.HasPassed(since, silence))
        {
            // Where QEMU runs one CPU at a time it ends this one's turn.
            X86Base.Pause();
            int now = Volatile.Read(ref count);
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
