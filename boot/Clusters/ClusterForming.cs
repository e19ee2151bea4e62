using System;
using Skerry.Abi.Boot;
using Skerry.Boot.Topology;

namespace Skerry.Boot.Clusters;

/// <summary>Puts every CPU in a cluster.</summary>
public static class ClusterForming
{
    /// <summary>
    /// The boot CPU's cluster comes first, the others follow by their lowest APIC id. But for one cluster of the whole
    /// machine, none reaches over a node's border, whatever the caches say: its memory could not be local to all.
    /// </summary>
    public static void Form(ref MachineTopology machine, ClusterMode mode, uint bootApicId, ref ClusterTable clusters)
    {
        Span<Cpu> cpus = machine.Cpus;
        for (int i = 0; i < cpus.Length; i++)
        {
            if (cpus[i].ApicId == bootApicId)
            {
                Gather(cpus, cpus[i], mode, ref clusters);
            }
        }
        for (int i = 0; i < cpus.Length; i++)
        {
            if (cpus[i].Cluster == Cpu.NoCluster)
            {
                Gather(cpus, cpus[i], mode, ref clusters);
            }
        }
    }

    private static void Gather(Span<Cpu> cpus, Cpu member, ClusterMode mode, ref ClusterTable clusters)
    {
        uint number = (uint)clusters.Count;
        var cluster = new Cluster { Node = member.Node, MemoryNode = member.Node };
        for (int i = 0; i < cpus.Length; i++)
        {
            if (cpus[i].Cluster != Cpu.NoCluster || !BelongTogether(cpus[i], member, mode))
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
