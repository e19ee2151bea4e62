using System;
using Skerry.Abi.Boot;
using Skerry.Base.Configuration;

namespace Skerry.Core.Placement;

/// <summary>
/// Which of a vcore's CPUs lie in one cluster, and where they stand among all of them. Every instance of core comes to
/// the same answer from the configuration and the machine's description, so nobody has to be asked.
/// </summary>
public readonly struct VcorePlacement
{
    private VcorePlacement(uint firstCpu, uint cpuCount, uint affinityBase, uint affinityTotal)
    {
        FirstCpu = firstCpu;
        CpuCount = cpuCount;
        AffinityBase = affinityBase;
        AffinityTotal = affinityTotal;
    }

    /// <summary>The first of its CPUs here, by index in the cluster. The others follow it without a gap.</summary>
    public uint FirstCpu { get; }

    /// <summary>How many it has here; 0: no instance runs in this cluster.</summary>
    public uint CpuCount { get; }

    /// <summary>How many of its CPUs have lower numbers than those here.</summary>
    public uint AffinityBase { get; }

    /// <summary>How many it has in all clusters together.</summary>
    public uint AffinityTotal { get; }

    /// <param name="configuration">The system's.</param>
    /// <param name="vcore">Its record.</param>
    /// <param name="cpus">The machine's, in ascending order of number.</param>
    /// <param name="cluster">Whose part is wanted.</param>
    public static VcorePlacement Of(
        SystemConfiguration configuration,
        in VcoreRecord vcore,
        ReadOnlySpan<MachineCpu> cpus,
        uint cluster
    )
    {
        ClusterNumbers numbers = ClusterNumbers.Of(cpus);
        uint first = 0;
        uint count = 0;
        uint before = 0;
        uint total = 0;
        for (int i = 0; i < cpus.Length; i++)
        {
            MachineCpu cpu = cpus[i];
            if (!configuration.Selects(in vcore, NumberOf(vcore.CpuSelection, in numbers, in cpu, (uint)i)))
            {
                continue;
            }
            if (cpu.Cluster == cluster)
            {
                before = count == 0 ? total : before;
                first = count == 0 || cpu.IndexInCluster < first ? cpu.IndexInCluster : first;
                count++;
            }
            total++;
        }
        return new VcorePlacement(first, count, before, total);
    }

    /// <summary>Whether the child at a place of the vcore's space, at its last if there are fewer, runs here.</summary>
    public bool Holds(uint place)
    {
        uint last = AffinityTotal - 1;
        uint x = place < last ? place : last;
        return x >= AffinityBase && x - AffinityBase < CpuCount;
    }

    /// <summary>What a vcore's list of CPUs names a CPU by.</summary>
    /// <param name="selection">What the list names.</param>
    /// <param name="numbers">The machine's clusters.</param>
    /// <param name="cpu">The CPU.</param>
    /// <param name="number">Its number.</param>
    public static uint NumberOf(CpuSelection selection, in ClusterNumbers numbers, in MachineCpu cpu, uint number) =>
        selection switch
        {
            CpuSelection.Clusters => numbers.Meant(cpu.Cluster),
            CpuSelection.Nodes => cpu.Node,
            _ => number,
        };
}
