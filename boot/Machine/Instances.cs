using System;
using Skerry.Abi;
using Skerry.Abi.Boot;
using Skerry.Base.Needs;
using Skerry.Boot.Clusters;
using Skerry.Boot.Console;
using Skerry.Boot.Memory;
using Skerry.Boot.Topology;

namespace Skerry.Boot.Machine;

/// <summary>Forms the clusters, makes their kernel instances, and sends every CPU into its own.</summary>
internal static unsafe class Instances
{
    private static readonly PhysicalMemory _memory = default;

    public static void FormClusters(ref InstanceInputs inputs, ref BootState state)
    {
        ClusterForming.Form(ref state.Machine, state.Mode, LocalApic.OwnId, ref state.Clusters, ref state.Warnings);
        NodeMemory.Assign(
            ref state.Usable,
            ref state.Affinity,
            ref state.Machine,
            ref state.MemoryByNode,
            ref state.Warnings
        );
        inputs.Mitigations = state.Mitigations;
        inputs.ExitOnPanic = state.ExitOnPanic;
        inputs.MachineBytes = MachineDescriptionWriter.MaximumBytes(
            ref state.Machine,
            state.MemoryByNode.Count + OwnedMemory.MaximumCuts,
            state.CommandLine.Text.Length
        );
        var needs = new ClusterNeeds
        {
            KernelBytes = inputs.Kernel.Pages * PhysicalMemory.PageSize,
            CoreBytes = inputs.Core.Pages * PhysicalMemory.PageSize,
            MachineBytes = inputs.MachineBytes,
            ArchiveBytes = inputs.Archive.Length,
        };
        bool isPossible = ClusterSelection.Select(
            ref state.Machine,
            ref state.MemoryByNode,
            ref state.Clusters,
            ref state.Shares,
            needs,
            out MemoryShortage shortage,
            ref state.Warnings
        );
        if (!isPossible)
        {
            WarningLines<SerialConsole>.Write(ref state.Warnings, state.CommandLine.Text);
            Ending.FailMemory(shortage);
        }
        state.Fault.RequireCluster(state.Clusters.Count, ref state.Warnings);
    }

    public static void Build(InstanceInputs inputs, ref BootState state)
    {
        inputs.Interrupts = state.Cpus.Interrupts;
        inputs.Features = Processors.Features;
        for (uint i = 0; i < state.Clusters.Count; i++)
        {
            bool isBuilt = InstanceBuilder.Build(
                inputs,
                i,
                ref state.Clusters,
                ref state.Machine,
                ref state.Shares,
                ClusterSelection.HomeOf(ref state.Shares, i, state.Clusters.Items[(int)i].MemoryNode),
                state.Fault.For(i),
                ref state.Scratch,
                ref state.Warnings
            );
            if (!isBuilt)
            {
                Ending.Fail("cluster"u8, "does not hold its kernel"u8);
            }
        }
        Describe(inputs, ref state);
    }

    /// <summary>The boot CPU goes last, when all others have left for their kernels.</summary>
    public static void Enter(InstanceInputs inputs, ref BootState state)
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
                state.Cpus.IndexOf(cpus[i].ApicId),
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
        uint bootApicId = LocalApic.OwnId;
        if (!Processors.EnterKernels(ref state.Cpus, bootApicId))
        {
            Ending.Fail("CPU"u8, "did not leave for its kernel"u8);
        }
        Processors.EnterKernel(state.Cpus.IndexOf(bootApicId));
    }

    /// <summary>Each cluster has the machine's description in its own memory.</summary>
    private static void Describe(InstanceInputs inputs, ref BootState state)
    {
        for (int i = 0; i < state.Clusters.Count; i++)
        {
            MachineDescriptionWriter.Write(
                _memory.At(state.Clusters.Items[i].Machine.Base),
                ref state.Machine,
                ref state.Clusters,
                ref state.Shares,
                state.CommandLine.Text,
                state.Mode,
                inputs.Kernel.BytesWith(FrameRights.Execute, true),
                inputs.Kernel.BytesWith(FrameRights.Execute, false),
                (uint)state.Warnings.Count
            );
        }
    }
}
