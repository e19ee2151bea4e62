using System;
using System.Runtime;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics.X86;
using System.Threading;
using Skerry.Abi.Boot;
using Skerry.Boot.Acpi;
using Skerry.Boot.Clusters;
using Skerry.Boot.Features;
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

    /// <summary>By the CPU table's indices; each CPU writes its own entry, the presence last.</summary>
    private static CpuAnswers answers;

    /// <summary>By the same; written by the boot CPU before the others are woken.</summary>
    private static Orders orders;

    /// <summary>CPUs that have left for their kernels.</summary>
    private static int departed;

    /// <summary>Whether CPUs are being woken.</summary>
    private static bool areKernelsReady;

    public static ReadOnlySpan<CpuAnswer> Answers => answers;

    /// <summary>What every CPU has of the features that the images look for: no kernel uses another one.</summary>
    public static ref FeatureWords Features => ref *(FeatureWords*)Processor.NeededFeatures();

    /// <summary>CPUs that have come; those that lack a feature count themselves before they run C#.</summary>
    private static ref int Arrived => ref *(int*)Processor.Arrived();

    /// <param name="index">In the CPU table.</param>
    public static void SetOrder(int index, KernelOrder order)
    {
        Span<KernelOrder> all = orders;
        all[index] = order;
    }

    /// <summary>The boot CPU answers itself.</summary>
    public static void Discover(ref CpuTable cpus, uint bootApicId)
    {
        CopyTrampoline();
        NeedWhatIsUsed();
        MemoryTypeRanges.Save();
        *(uint*)Processor.StackCount() = (uint)cpus.Count;
        Answer(cpus.IndexOf(bootApicId));
        Start(ref cpus, bootApicId);
        ReadMarks(ref cpus);
    }

    /// <summary>Every CPU in the table has an order.</summary>
    /// <returns>False: not all have left for their kernels.</returns>
    public static bool EnterKernels(ref CpuTable cpus, uint bootApicId)
    {
        Volatile.Write(ref areKernelsReady, true);
        Span<CpuAnswer> all = answers;
        int expected = 0;
        for (int i = 0; i < cpus.Length; i++)
        {
            uint apicId = cpus.IdAt(i);
            if (apicId != bootApicId && Volatile.Read(ref all[i].IsPresent))
            {
                expected += cpus.Contains(apicId) ? 1 : 0;
                LocalApic.SendWake(apicId);
            }
        }
        return WaitFor(ref departed, expected, LeavingMicroseconds);
    }

    /// <summary>Does not return. A CPU without an order stays unused.</summary>
    /// <param name="index">In the CPU table.</param>
    public static void EnterKernel(int index)
    {
        Span<KernelOrder> all = orders;
        KernelOrder order = all[index];
        if (order.RootTable == 0)
        {
            Processor.HaltForever();
        }
        Interlocked.Increment(ref departed);
        Processor.EnterKernel(order.RootTable, order.StackTop, order.Information, order.Cpu, order.Entry);
    }

    /// <summary>Every other CPU, from the trampoline, on its own stack.</summary>
    [RuntimeExport(BootEntryPoints.ProcessorsMain)]
    private static void Main(ProcessorMark* mark)
    {
        Processor.LoadFaultVectors();
        if (!ProcessorCpuid.HasSystemCalls)
        {
            mark->Missing[(int)FeatureWord.ExtendedEdx] |= FeatureList.Mask(
                FeatureWord.ExtendedEdx,
                FeatureUse.RequiredInLongMode
            );
            Interlocked.Increment(ref Arrived);
            Processor.HaltForever();
        }
        LocalApic.EnterMode();
        LocalApic.Enable();
        // The boot CPU only reads the table from the start of the others until all have answered.
        int index = BootState.Instance.Cpus.IndexOf(LocalApic.OwnId);
        if (index < 0)
        {
            Processor.HaltForever();
        }
        Answer(index);
        Interlocked.Increment(ref Arrived);
        do
        {
            // At least once: the interrupt that wakes it must not be left for its kernel.
            Processor.HaltOnce();
            LocalApic.End();
        } while (!Volatile.Read(ref areKernelsReady));
        MemoryTypeRanges.Load();
        EnterKernel(index);
    }

    /// <summary>The kernels use of the boot CPU's features what they know; a CPU without one of those can't run them.</summary>
    private static void NeedWhatIsUsed()
    {
        ref FeatureWords own = ref *(FeatureWords*)Processor.OwnFeatures();
        for (int i = 0; i < FeatureWords.Count; i++)
        {
            Features[i] |= own[i] & FeatureList.Mask((FeatureWord)i, FeatureUse.UsedIfThere);
        }
    }

    /// <summary>What the CPUs lack that came and went no further.</summary>
    private static void ReadMarks(ref CpuTable cpus)
    {
        Span<CpuAnswer> all = answers;
        uint taken = Volatile.Read(ref *(uint*)Processor.NextStack());
        uint count = *(uint*)Processor.StackCount();
        for (uint i = 0; i < taken && i < count; i++)
        {
            ulong end = Processor.Stacks() + (i + 1) * BootLayout.ProcessorStackBytes;
            var mark = (ProcessorMark*)(end - ProcessorMark.Bytes);
            int index = cpus.IndexOf(mark->ApicId);
            if (index >= 0 && !Volatile.Read(ref all[index].IsPresent))
            {
                all[index].Lacks = FeatureList.With(mark->Missing);
            }
        }
    }

    private static void Answer(int index)
    {
        Span<CpuAnswer> all = answers;
        all[index].Sharing = CacheSharingReader<ProcessorCpuid>.Read();
        Volatile.Write(ref all[index].IsPresent, true);
    }

    private static void Start(ref CpuTable cpus, uint bootApicId)
    {
        int expected = 0;
        for (int i = 0; i < cpus.Length; i++)
        {
            uint apicId = cpus.IdAt(i);
            if (apicId != bootApicId && cpus.Contains(apicId))
            {
                LocalApic.SendInit(apicId);
                expected++;
            }
        }
        Clock.Wait(InitMicroseconds);
        for (int round = 0; round < 2 && Volatile.Read(ref Arrived) < expected; round++)
        {
            for (int i = 0; i < cpus.Length; i++)
            {
                uint apicId = cpus.IdAt(i);
                if (apicId != bootApicId && cpus.Contains(apicId))
                {
                    LocalApic.SendStartup(apicId, TrampolinePage);
                }
            }
            Clock.Wait(StartupMicroseconds);
        }
        WaitFor(ref Arrived, expected, SilenceMicroseconds);
    }

    /// <returns>Whether the count came so far before it stood still for so long (microseconds).</returns>
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

    [InlineArray(ApicIdMap.Capacity)]
    private struct Orders
    {
        private KernelOrder _order;
    }
}
