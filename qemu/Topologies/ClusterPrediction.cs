using System;
using System.Collections.Generic;
using System.Linq;
using Skerry.Abi.Boot;

namespace Skerry.Qemu.Topologies;

/// <summary>
/// Says beforehand which clusters bootstrap forms, so that a configuration can be checked against a machine before it
/// boots. Bootstrap decides by what the machine says; this is the one place where the host repeats its rule: CPUs are
/// grouped by cache, node or not at all, a group of more CPUs than a kernel runs is cut, and the groups are numbered by their
/// lowest APIC id.
/// </summary>
public static class ClusterPrediction
{
    public static IReadOnlyList<PredictedCluster> Of(Topology topology, ClusterMode mode)
    {
        Func<MachineCpu, (int, int)> group = mode switch
        {
            ClusterMode.L2 => cpu => (cpu.Socket, cpu.Core),
            ClusterMode.Cpu => cpu => (cpu.Id, 0),
            // Without tables the guest takes all CPUs for one node's.
            ClusterMode.Node => cpu => (topology.HasNumaTables ? cpu.Node : 0, 0),
            _ => _ => (0, 0),
        };
        return topology
            .Cpus.GroupBy(group)
            .SelectMany(cpus => cpus.OrderBy(cpu => cpu.ApicId).Chunk(BootInformation.MaximumCpus))
            .OrderBy(cpus => cpus.First().ApicId)
            .Select((cpus, id) => new PredictedCluster(id, Ids(cpus), topology.NearestMemory(cpus.First().Node)))
            .ToArray();
    }

    private static int[] Ids(IEnumerable<MachineCpu> cpus) => cpus.Select(cpu => cpu.Id).Order().ToArray();
}
