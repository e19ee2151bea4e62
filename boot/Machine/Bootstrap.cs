using System.Runtime;
using Skerry.Abi;
using Skerry.Boot.Acpi;
using Skerry.Boot.Clusters;
using Skerry.Boot.CommandLines;
using Skerry.Boot.Console;
using Skerry.Boot.Layout;
using Skerry.Boot.Loading;

namespace Skerry.Boot.Machine;

/// <summary>The bootstrap program, from the first C# line on the boot CPU to the jump into the kernels.</summary>
internal static unsafe class Bootstrap
{
    /// <summary>Called by the PVH entry (boot/Entry/LongMode.cs).</summary>
    [RuntimeExport(BootEntryPoints.BootstrapMain)]
    private static void Main(ulong startInfo)
    {
        ref BootState state = ref BootState.Instance;
        SerialConsole.Initialise();
        RequireSystemCalls();
        FaultVectors.Install();
        LegacyInterrupts.Silence();
        LocalApic.ChooseMode();
        StartInfo info = OpenStartInfo(startInfo, ref state);
        RootTable root = AcpiTables.OpenRoot(info.Rsdp, ref state.Warnings);
        Clock.Calibrate(root, info.MemoryMap, ref state.Warnings);
        InstanceInputs inputs = ArchiveImages.Open(info.Archive, ref state.Warnings);
        MachineDiscovery.ListCpus(root, ref state);
        IoApics.Silence(info.MemoryMap, ref state.Cpus.Interrupts, ref state.Warnings);
        MemoryDiscovery.Find(info, inputs.Archive, ref state);
        MachineDiscovery.Find(root, ref state);
        Instances.FormClusters(ref inputs, ref state);
        Instances.Build(inputs, ref state);
        Print(inputs, ref state);
        Instances.Enter(inputs, ref state);
    }

    /// <summary>An Intel processor says that it has SYSCALL in 64-bit mode alone, so ProcessorCheck can't know.</summary>
    private static void RequireSystemCalls()
    {
        if (!ProcessorCpuid.HasSystemCalls)
        {
            Ending.Fail("processor"u8, "lacks SYSCALL"u8);
        }
    }

    /// <summary>What is read later than the memory is given away is copied: it may lie anywhere.</summary>
    private static StartInfo OpenStartInfo(ulong address, ref BootState state)
    {
        StartInfoStatus status = StartInfo.Open(default, address, out StartInfo info);
        if (status == StartInfoStatus.UnderCommandLine)
        {
            Ending.Fail("command line"u8, "is longer than 2048 bytes, and lies over the loader's start info"u8);
        }
        if (status != StartInfoStatus.Valid)
        {
            Ending.Fail("loader"u8, "gave no PVH start info"u8);
        }
        if (!state.CommandLine.Set(info.CommandLine))
        {
            Ending.Fail("command line"u8, "is longer than 2048 bytes"u8);
        }
        state.Mode = ClusterModeReader.Read(state.CommandLine.Text, ref state.Warnings);
        state.Mitigations = MitigationsReader.Read(state.CommandLine.Text, ref state.Warnings);
        state.ExitOnPanic = PanicReader.Read(state.CommandLine.Text, ref state.Warnings);
        state.Fault = DeliberateFaultReader.Read(state.CommandLine.Text, ref state.Warnings);
        return info;
    }

    private static void Print(InstanceInputs inputs, ref BootState state)
    {
        ulong text = inputs.Kernel.BytesWith(FrameRights.Execute, true);
        ulong data = inputs.Kernel.BytesWith(FrameRights.Execute, false);
        WarningLines<SerialConsole>.Write(ref state.Warnings, state.CommandLine.Text);
        Report<SerialConsole>.WriteMachine(ref state.Machine);
        Report<SerialConsole>.WriteClusters(
            ref state.Machine,
            ref state.Clusters,
            ref state.Shares,
            state.Mode,
            state.Mitigations,
            text,
            data
        );
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
}
