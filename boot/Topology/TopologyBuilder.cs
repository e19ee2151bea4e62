using System;
using Skerry.Boot.Acpi;
using Skerry.Boot.Clusters;
using Skerry.Boot.Warnings;

namespace Skerry.Boot.Topology;

/// <summary>Joins what the tables say with the CPUs that answered.</summary>
public static class TopologyBuilder
{
    /// <summary>
    /// <paramref name="answers"/> is indexed by APIC id; a CPU that is listed but did not answer is left out. Nodes are the domains of those CPUs and of the memory; where no
    /// table names any, domain 0 is the only one.
    /// </summary>
    public static void Build(
        ReadOnlySpan<CpuAnswer> answers,
        ref CpuTable listed,
        ref AffinityTable affinity,
        ref MachineTopology machine,
        ref WarningList warnings
    )
    {
        AddNodes(answers, ref affinity, ref machine, ref warnings);
        var l2 = new CacheGroups();
        var l3 = new CacheGroups();
        for (uint apicId = 0; apicId < answers.Length; apicId++)
        {
            CpuAnswer answer = answers[(int)apicId];
            if (!answer.IsPresent)
            {
                if (listed.Contains(apicId))
                {
                    warnings.Add(WarningSource.Cpu, WarningReason.NoAnswer, apicId);
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
        ref AffinityTable affinity,
        ref MachineTopology machine,
        ref WarningList warnings
    )
    {
        bool hadRoom = true;
        for (uint apicId = 0; affinity.IsPresent && apicId < answers.Length; apicId++)
        {
            uint domain = affinity.DomainOf(apicId);
            if (answers[(int)apicId].IsPresent && domain != AffinityTable.NoDomain)
            {
                hadRoom &= machine.AddNode(domain);
            }
        }
        ReadOnlySpan<MemoryAffinity> memory = affinity.Memory;
        for (int i = 0; affinity.IsPresent && i < memory.Length; i++)
        {
            hadRoom &= machine.AddNode(memory[i].Domain);
        }
        if (!hadRoom)
        {
            warnings.Add(WarningSource.Srat, WarningReason.TooMany, MachineTopology.MaximumNodes);
        }
        if (machine.NodeCount == 0)
        {
            machine.AddNode(0);
        }
    }
}
