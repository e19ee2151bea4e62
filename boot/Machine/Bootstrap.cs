using System;
using System.Runtime;
using Skerry.Abi;
using Skerry.Abi.Boot;
using Skerry.Boot.Acpi;
using Skerry.Boot.Clusters;
using Skerry.Boot.CommandLines;
using Skerry.Boot.Console;
using Skerry.Boot.Layout;
using Skerry.Boot.Loading;
using Skerry.Boot.Memory;
using Skerry.Boot.Topology;
using Skerry.Boot.Warnings;

namespace Skerry.Boot.Machine;

/// <summary>The bootstrap program, from the first C# line on the boot CPU to the jump into the kernels.</summary>
internal static unsafe class Bootstrap
{
    private static readonly PhysicalMemory Memory = default;

    [RuntimeExport("BootMain")]
    private static void Main(ulong startInfo)
    {
        ref BootState state = ref BootState.Instance;
        SerialConsole.Initialize();
        FaultVectors.Install();
        LegacyInterrupts.Silence();
        if (!StartInfo.Open(Memory, startInfo, out StartInfo info))
        {
            Ending.Fail("loader"u8, "gave no PVH start info"u8);
        }
        if (!Clock.Calibrate())
        {
            Ending.Fail("interval timer"u8, "does not run"u8);
        }
        InstanceInputs inputs = OpenArchive(info);
        ReadMemoryMap(info, inputs.Archive, ref state);
        MapMemory(ref state);
        DiscoverMachine(info, ref state);
        FormClusters(info, ref inputs, ref state);
        inputs.ExitOnPanic =
            CommandLine.Find(info.CommandLine, "panic="u8, out ReadOnlySpan<byte> onPanic) && onPanic.SequenceEqual("exit"u8);
        BuildInstances(info, inputs, ref state);
        Print(inputs, ref state);
        EnterKernels(inputs, ref state);
    }

    private static InstanceInputs OpenArchive(StartInfo info)
    {
        PhysicalRange archive = info.Archive;
        if (archive.Length is 0 or > int.MaxValue)
        {
            Ending.Fail("boot archive"u8, "is missing (initrd)"u8);
        }
        var files = new ReadOnlySpan<byte>((void*)archive.Base, (int)archive.Length);
        return new InstanceInputs
        {
            Memory = Memory,
            Kernel = OpenImage(files, "kernel.elf"u8, KernelLayout.Image, KernelLayout.LocalApic),
            Core = OpenImage(files, "core.elf"u8, PhysicalMemory.PageSize, UserLayout.UserEnd),
            Archive = WholePages(archive),
            LocalApic = LocalApic.Address,
            TscHertz = Clock.TscHertz,
            ApicTimerHertz = Clock.ApicTimerHertz,
            EntryCodePage = Processor.EnterKernelCode() & ~(PhysicalMemory.PageSize - 1),
            HasHugePages = ProcessorCpuid.HasHugePages,
        };
    }

    private static ElfImage OpenImage(ReadOnlySpan<byte> archive, ReadOnlySpan<byte> name, ulong regionStart, ulong regionEnd)
    {
        TarStatus found = TarReader.Find(archive, name, out ReadOnlySpan<byte> file);
        if (found == TarStatus.Malformed)
        {
            Ending.Fail("boot archive"u8, "is not a ustar archive"u8);
        }
        if (found == TarStatus.Missing)
        {
            Ending.Fail(name, "is not in the boot archive"u8);
        }
        ElfStatus status = ElfImage.Open(file, regionStart, regionEnd, out ElfImage image);
        if (status != ElfStatus.Valid)
        {
            Ending.Fail(name, ElfStatusText.Of(status));
        }
        return image;
    }

    /// <summary>Bootstrap's own image and the archive stay out of what is given away.</summary>
    private static void ReadMemoryMap(StartInfo info, PhysicalRange archive, ref BootState state)
    {
        MemoryMapReader.Read(info.MemoryMap, ref state.Usable, ref state.Warnings);
        state.Usable.Remove(Processor.ImageStart(), Processor.ImageEnd());
        state.Usable.Remove(archive.Base, archive.Base + archive.Length);
    }

    private static void MapMemory(ref BootState state)
    {
        var tables = new IdentityMapTables
        {
            PointerTable = Processor.PointerTable(),
            Directories = Processor.Directories(),
            DirectoryCount = BootLayout.Directories,
            PageTables = Processor.PageTables(),
        };
        var map = new IdentityMap(Memory, tables, ProcessorCpuid.HasHugePages);
        map.Narrow(
            Processor.ImageStart(),
            Processor.TextEnd(),
            Processor.RodataEnd(),
            Processor.ImageEnd(),
            LocalApic.Address
        );
        if (!map.Extend(ref state.Usable))
        {
            state.Warnings.Add(WarningSource.Memory, WarningReason.MemoryOutOfReach, map.Reach);
        }
        Processor.ReloadRootTable();
    }

    private static void DiscoverMachine(StartInfo info, ref BootState state)
    {
        uint bootApicId = ProcessorCpuid.ApicId;
        RootTable root = AcpiTables.OpenRoot(info.Rsdp, ref state.Warnings);
        TableStatus status = MadtReader.Read(AcpiTables.Find(root, "APIC"u8), ref state.Cpus, ref state.Warnings);
        TableWarnings.Add(WarningSource.Madt, status, ref state.Warnings);
        if (!state.Cpus.Contains(bootApicId))
        {
            state.Cpus.Add(bootApicId);
            if (status == TableStatus.Valid)
            {
                state.Warnings.Add(WarningSource.Madt, WarningReason.MissingBootCpu, bootApicId);
            }
        }
        status = SratReader.Read(AcpiTables.Find(root, "SRAT"u8), ref state.Affinity, ref state.Warnings);
        TableWarnings.Add(WarningSource.Srat, status, ref state.Warnings);
        Processors.Discover(ref state.Cpus, bootApicId);
        TopologyBuilder.Build(Processors.Answers, ref state.Cpus, ref state.Affinity, ref state.Machine, ref state.Warnings);
        FillDistances(root, ref state);
    }

    private static void FillDistances(RootTable root, ref BootState state)
    {
        TableStatus status = HmatReader.Read(AcpiTables.Find(root, "HMAT"u8), out HmatReader hmat);
        if (status != TableStatus.Missing)
        {
            TableWarnings.Add(WarningSource.Hmat, status, ref state.Warnings);
        }
        status = SlitReader.Read(AcpiTables.Find(root, "SLIT"u8), out SlitReader slit);
        if (status != TableStatus.Missing || (state.Machine.NodeCount > 1 && !hmat.HasLatencies))
        {
            TableWarnings.Add(WarningSource.Slit, status, ref state.Warnings);
        }
        DistanceBuilder.Fill(ref state.Machine, slit, hmat, ref state.Warnings);
    }

    private static void FormClusters(StartInfo info, ref InstanceInputs inputs, ref BootState state)
    {
        state.Mode = ClusterModeReader.Read(info.CommandLine, ref state.Warnings);
        ClusterForming.Form(ref state.Machine, state.Mode, ProcessorCpuid.ApicId, ref state.Clusters);
        NodeMemory.Assign(ref state.Usable, ref state.Affinity, ref state.Machine, ref state.MemoryByNode, ref state.Warnings);
        inputs.MachineBytes = MachineDescriptionWriter.MaximumBytes(
            ref state.Machine,
            OwnedMemory.Capacity,
            info.CommandLine.Length
        );
        var needs = new ClusterNeeds
        {
            KernelBytes = inputs.Kernel.Pages * PhysicalMemory.PageSize,
            CoreBytes = inputs.Core.Pages * PhysicalMemory.PageSize,
            MachineBytes = inputs.MachineBytes,
        };
        bool isPossible = ClusterSelection.Select(
            ref state.Machine,
            ref state.MemoryByNode,
            ref state.Clusters,
            ref state.Shares,
            needs,
            ref state.Warnings
        );
        if (!isPossible)
        {
            Report<SerialConsole>.WriteWarnings(ref state.Warnings);
            Ending.Fail("cluster 0"u8, "has too little memory"u8);
        }
    }

    private static void BuildInstances(StartInfo info, InstanceInputs inputs, ref BootState state)
    {
        DeliberateFaultReader fault = DeliberateFaultReader.Read(info.CommandLine, ref state.Warnings);
        for (uint i = 0; i < state.Clusters.Count; i++)
        {
            PhysicalRange home = ClusterSelection.HomeOf(ref state.Shares, i, state.Clusters.Items[(int)i].MemoryNode);
            bool isBuilt = InstanceBuilder.Build(
                inputs,
                i,
                ref state.Clusters,
                ref state.Machine,
                ref state.Shares,
                home,
                fault.For(i),
                ref state.Scratch
            );
            if (!isBuilt)
            {
                Ending.Fail("cluster"u8, "does not hold its kernel"u8);
            }
        }
        for (int i = 0; i < state.Clusters.Count; i++)
        {
            MachineDescriptionWriter.Write(
                Memory.At(state.Clusters.Items[i].Machine.Base),
                ref state.Machine,
                ref state.Clusters,
                ref state.Shares,
                info.CommandLine,
                state.Mode,
                inputs.Kernel.BytesWith(FrameRights.Execute, true),
                inputs.Kernel.BytesWith(FrameRights.Execute, false),
                (uint)state.Warnings.Count
            );
        }
    }

    private static void Print(InstanceInputs inputs, ref BootState state)
    {
        ulong text = inputs.Kernel.BytesWith(FrameRights.Execute, true);
        ulong data = inputs.Kernel.BytesWith(FrameRights.Execute, false);
        Report<SerialConsole>.WriteMachine(ref state.Machine, ref state.Warnings);
        Report<SerialConsole>.WriteClusters(ref state.Machine, ref state.Clusters, ref state.Shares, state.Mode, text, data);
        Records<SerialConsole>.Write(
            ref state.Machine,
            ref state.Clusters,
            state.Mode,
            text,
            data,
            Clock.TscHertz,
            ref state.Warnings
        );
    }

    private static void EnterKernels(InstanceInputs inputs, ref BootState state)
    {
        Span<Cpu> cpus = state.Machine.Cpus;
        for (int i = 0; i < cpus.Length; i++)
        {
            if (cpus[i].Cluster == Cpu.NoCluster)
            {
                state.Cpus.Remove(cpus[i].ApicId);
                continue;
            }
            Cluster cluster = state.Clusters.Items[(int)cpus[i].Cluster];
            Processors.SetOrder(
                cpus[i].ApicId,
                new KernelOrder
                {
                    RootTable = cluster.RootTable,
                    StackTop = KernelLayout.StackTop(cpus[i].IndexInCluster),
                    Information = KernelLayout.DirectMap + cluster.Information,
                    Cpu = cpus[i].IndexInCluster,
                    Entry = inputs.Kernel.Entry,
                }
            );
        }
        uint bootApicId = ProcessorCpuid.ApicId;
        if (!Processors.EnterKernels(ref state.Cpus, bootApicId))
        {
            Ending.Fail("CPU"u8, "did not come back to enter its kernel"u8);
        }
        Processors.EnterKernel(bootApicId);
    }

    private static PhysicalRange WholePages(PhysicalRange range)
    {
        ulong start = range.Base & ~(PhysicalMemory.PageSize - 1);
        ulong pages = PhysicalMemory.PagesOf(range.Base + range.Length - start);
        return new PhysicalRange { Base = start, Length = pages * PhysicalMemory.PageSize };
    }
}
