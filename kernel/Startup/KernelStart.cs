using System.Runtime;
using System.Runtime.Intrinsics.X86;
using System.Threading;
using Skerry.Abi.Boot;
using Skerry.Kernel.Cluster;
using Skerry.Kernel.Interrupts;
using Skerry.Kernel.Layout;
using Skerry.Kernel.Memory;
using Skerry.Kernel.Objects;
using Skerry.Kernel.Panic;
using Skerry.Kernel.Scheduling;

namespace Skerry.Kernel.Startup;

/// <summary>From bootstrap's jump to the first component, and to rest.</summary>
internal static unsafe class KernelStart
{
    /// <summary>Set by CPU 0 of the cluster when the others may go on.</summary>
    private static uint clusterIsReady;

    /// <summary>CPUs that have left bootstrap's code.</summary>
    private static uint arrived;

    private static uint identityMapIsGone;

    private static bool isBootCluster;

    /// <summary>The MTRRs of the cluster's first CPU to come (MemoryTypeRanges).</summary>
    private static ulong memoryTypes;

    /// <summary>Called by the entry stub on each CPU; does not return.</summary>
    [RuntimeExport(EntryPoints.KernelStartMain)]
    private static void Main(BootInformation* information, uint index)
    {
        if (index == 0)
        {
            PrepareCluster(information);
            Volatile.Write(ref clusterIsReady, 1u);
        }
        while (Volatile.Read(ref clusterIsReady) == 0)
        {
            X86Base.Pause();
        }
        Cpu* cpu = ClusterCpus.At(index);
        ProcessorTables.Load(cpu);
        var features = new ProcessorFeatures(information->Features);
        Processor.Initialise(cpu, features);
        if (features.HasMemoryTypeRanges && !MemoryTypeRanges.AreThoseOf(ref memoryTypes))
        {
            KernelPanic.OnStartup("the MTRRs of the cluster's CPUs differ");
        }
        LocalApic.Initialise(DeadlineTimer.ComparesCounter, takesNonMaskable: IsBootCpu(index));
        LeaveBootstrap(cpu, index);
        if (index == 0)
        {
            Deliberate.Commit(information->DeliberateFault);
            InitialComponent.Start(cpu, information);
        }
        Doors.Leave(Scheduler.Choose(cpu));
    }

    /// <summary>What the machine itself has to say, by a non-maskable interrupt, one CPU reports.</summary>
    private static bool IsBootCpu(uint index) => isBootCluster && index == 0;

    private static void PrepareCluster(BootInformation* information)
    {
        KernelPanic.ClusterId = information->ClusterId;
        isBootCluster = (information->Flags & BootFlags.Root) != 0;
        KernelPanic.EndsMachine =
            information->ClusterCount == 1 || (information->Flags & (BootFlags.Root | BootFlags.ExitOnPanic)) != 0;
        PageTables.KernelRoot = information->RootTable;
        var features = new ProcessorFeatures(information->Features);
        PageTables.HasGiB1 = features.HasGiB1Pages;
        Timekeeping.TscHertz = information->TscHertz;
        OwnedMemory.Initialise(ref information->Owned, features.PhysicalEnd);
        BootMemory.Initialise(ref information->Free);
        uint spaces = AddressSpaces.EntriesFor(OwnedMemory.Bytes);
        AddressSpaces.Initialise((uint*)BootMemory.Take(spaces * sizeof(uint), 64), spaces);
        Mitigations.Prepare(information);
        Doors.Choose(features, Mitigations.AreOn);
        LocalApic.Choose(information->LocalApicPhysical);
        DeadlineTimer.Initialise(information->TscHertz, information->ApicTimerHertz, features.HasTscDeadline);
        IoApics.Initialise(ref information->Interrupts);
        ProcessorTables.BuildIdt();
        ClusterCpus.Count = information->CpuCount;
        for (uint i = 0; i < information->CpuCount; i++)
        {
            ClusterCpus.Set(i, PrepareCpu(ref information->Cpus[(int)i], i, information->RootTable));
        }
    }

    private static Cpu* PrepareCpu(ref BootCpu description, uint index, ulong root)
    {
        Cpu* cpu = Mitigations.AreOn
            ? Mitigations.PlaceCpu(index)
            : (Cpu*)BootMemory.Take(Cpu.Size + ProcessorTables.BytesPerCpu, 64);
        cpu->Self = cpu;
        cpu->NoReply.Initialise(index);
        if (!Mitigations.AreOn)
        {
            cpu->Direct = cpu;
        }
        cpu->Index = index;
        cpu->ApicId = description.ApicId;
        cpu->HasX2Apic = LocalApic.IsX2;
        cpu->KernelStack = description.StackTop - StackLayout.Head;
        *(Cpu**)cpu->KernelStack = cpu;
        cpu->CurrentRoot = root;
        cpu->TimerSetFor = DeadlineTimer.Never;
        cpu->Irqs = (IrqHandler*)BootMemory.Take(IrqHandlers.BytesPerCpu, 64);
        IrqHandlers.Initialise(cpu);
        ProcessorTables.SetStacks(cpu);
        return cpu;
    }

    /// <summary>The page that bootstrap jumped from is mapped low; it goes when nobody stands on it any more.</summary>
    private static void LeaveBootstrap(Cpu* cpu, uint index)
    {
        Interlocked.Add(ref arrived, 1u);
        if (index == 0)
        {
            while (Volatile.Read(ref arrived) != ClusterCpus.Count)
            {
                X86Base.Pause();
            }
            *(ulong*)(KernelLayout.DirectMap + PageTables.KernelRoot) = 0;
            Volatile.Write(ref identityMapIsGone, 1u);
        }
        while (Volatile.Read(ref identityMapIsGone) == 0)
        {
            X86Base.Pause();
        }
        LoadedRoot.Load(cpu);
    }
}
