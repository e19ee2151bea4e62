using System;
using Skerry.Boot.Acpi;
using Skerry.Boot.Clusters;
using Skerry.Boot.Warnings;

namespace Skerry.Boot.Topology;

/// <summary>Joins what the tables say with the CPUs that answered.</summary>
public static class TopologyBuilder
{
    /// <summary>
    /// <paramref name="answers"/> goes by the indices of <paramref name="listed"/>; a CPU that is listed but did not answer
    /// is left out. Nodes are the domains of those CPUs and of the memory; where no table names any, domain 0 is the only
    /// one.
    /// </summary>
    public static void Build(
        ReadOnlySpan<CpuAnswer> answers,
        ref CpuTable listed,
        ref AffinityTable affinity,
        ref MachineTopology machine,
        ref WarningList warnings
    )
    {
        AddNodes(answers, ref listed, ref affinity, ref machine, ref warnings);
        var l2 = new CacheGroups();
        var l3 = new CacheGroups();
        for (int i = 0; i < listed.Length; i++)
        {
            uint apicId = listed.IdAt(i);
            CpuAnswer answer = answers[i];
            if (!answer.IsPresent)
            {
                if (listed.Contains(apicId))
                {
                    WarningReason reason = answer.Lacks != 0 ? WarningReason.LacksFeatures : WarningReason.NoAnswer;
                    warnings.Add(WarningSource.Cpu, reason, apicId, features: answer.Lacks);
                    listed.Remove(apicId);
                }
                continue;
            }
            int node = affinity.IsPresent ? machine.FindNode(affinity.DomainOf(apicId)) : 0;
            if (node < 0)
            {
                warnings.Add(WarningSource.Srat, WarningReason.CpuWithoutNode, apicId);
                node = 0;
            }
            machine.AddCpu(
                new Cpu
                {
                    ApicId = apicId,
                    Node = (uint)node,
                    Cluster = Cpu.NoCluster,
                    L2Group = l2.GroupOf(apicId, answer.Sharing.L2Shift),
                    L3Group = l3.GroupOf(apicId, answer.Sharing.L3Shift),
                }
            );
        }
    }

    private static void AddNodes(
        ReadOnlySpan<CpuAnswer> answers,
        ref CpuTable listed,
        ref AffinityTable affinity,
        ref MachineTopology machine,
        ref WarningList warnings
    )
    {
        bool hadRoom = true;
        for (int i = 0; affinity.IsPresent && i < listed.Length; i++)
        {
            uint domain = affinity.DomainOf(listed.IdAt(i));
            if (answers[i].IsPresent && domain != AffinityTable.NoDomain)
            {
                hadRoom &= machine.AddNode(domain);
            }
        }
        ReadOnlySpan<MemoryAffinity> memory = affinity.Memory;
        ulong lost = 0;
        for (int i = 0; affinity.IsPresent && i < memory.Length; i++)
        {
            bool hasNode = machine.AddNode(memory[i].Domain);
            hadRoom &= hasNode;
            lost += hasNode ? 0 : memory[i].Length;
        }
        if (!hadRoom)
        {
            warnings.Add(WarningSource.Srat, WarningReason.TooManyNodes, lost);
        }
        if (machine.NodeCount == 0)
        {
            machine.AddNode(0);
        }
    }
}
