using System;
using Skerry.Abi.Boot;
using Skerry.Boot.Topology;
using Skerry.Boot.Warnings;

namespace Skerry.Boot.Clusters;

/// <summary>Puts every CPU in a cluster.</summary>
public static class ClusterForming
{
    /// <summary>
    /// The boot CPU's cluster comes first, the others follow by their lowest APIC id. But for one cluster of the whole
    /// machine, none reaches over a node's border, whatever the caches say: its memory could not be local to all. What
    /// would have more CPUs than a kernel runs becomes several clusters, with a warning.
    /// </summary>
    public static void Form(
        ref MachineTopology machine,
        ClusterMode mode,
        uint bootApicId,
        ref ClusterTable clusters,
        ref WarningList warnings
    )
    {
        Span<Cpu> cpus = machine.Cpus;
        for (int i = 0; i < cpus.Length; i++)
        {
            if (cpus[i].ApicId == bootApicId)
            {
                Gather(cpus, i, mode, ref clusters, ref warnings);
            }
        }
        for (int i = 0; i < cpus.Length; i++)
        {
            if (cpus[i].Cluster == Cpu.NoCluster)
            {
                Gather(cpus, i, mode, ref clusters, ref warnings);
            }
        }
    }

    /// <summary>The member is in it even if others of lower numbers fill it.</summary>
    private static void Gather(
        Span<Cpu> cpus,
        int member,
        ClusterMode mode,
        ref ClusterTable clusters,
        ref WarningList warnings
    )
    {
        uint number = (uint)clusters.Count;
        uint wanted = 0;
        var cluster = new Cluster { Node = cpus[member].Node, MemoryNode = cpus[member].Node };
        for (int i = 0; i < cpus.Length; i++)
        {
            if (cpus[i].Cluster != Cpu.NoCluster || !BelongTogether(cpus[i], cpus[member], mode))
            {
                continue;
            }
            wanted++;
            uint kept = i < member ? 1u : 0;
            if (cluster.CpuCount + kept >= BootInformation.MaximumCpus)
            {
                continue;
            }
            if (cluster.CpuCount == 0)
            {
                cluster.FirstCpu = (uint)i;
                cluster.Node = cluster.MemoryNode = cpus[i].Node;
            }
            cpus[i].Cluster = number;
            cpus[i].FormedCluster = number;
            cpus[i].IndexInCluster = cluster.CpuCount++;
        }
        clusters.Add(cluster);
        if (wanted > cluster.CpuCount)
        {
            warnings.Add(WarningSource.Cluster, WarningReason.ClusterDivided, wanted);
        }
    }

    private static bool BelongTogether(Cpu first, Cpu second, ClusterMode mode) =>
        mode switch
        {
            ClusterMode.Machine => true,
            ClusterMode.Node => first.Node == second.Node,
            ClusterMode.Cpu => first.ApicId == second.ApicId,
            _ => first.Node == second.Node && first.L2Group == second.L2Group,
        };
}
