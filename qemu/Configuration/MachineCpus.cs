using System.Collections.Generic;
using System.Linq;
using Skerry.Base.Configuration;
using Skerry.Qemu.Topologies;

namespace Skerry.Qemu.Configuration;

/// <summary>Which CPUs of a machine a configuration means.</summary>
/// <param name="topology">The machine.</param>
/// <param name="clusters">Its clusters.</param>
public sealed class MachineCpus(Topology topology, IReadOnlyList<PredictedCluster> clusters)
{
    /// <summary>What an identifier of a vcore's list is, how many of that the machine has, and its CPUs.</summary>
    public (string What, int Count, IReadOnlyCollection<int> Cpus) Named(CpuSelection selection, uint id) =>
        selection switch
        {
            CpuSelection.Clusters => ("cluster", clusters.Count, id < clusters.Count ? clusters[(int)id].Cpus : []),
            CpuSelection.Nodes => ("node", topology.Nodes.Count, OfNode(id)),
            _ => ("CPU", topology.Cpus.Count, id < topology.Cpus.Count ? [(int)id] : []),
        };

    public IReadOnlyCollection<int> OfNode(uint id) =>
        [.. topology.Cpus.Where(cpu => cpu.Node == id).Select(cpu => cpu.Id)];

    /// <summary>A vcore's CPUs that exist, ascending: the places of its affinity space.</summary>
    public IReadOnlyList<int> Of(VcoreDescription vcore) =>
        [.. vcore.CpuIdentifiers.SelectMany(id => Named(vcore.CpuSelection, id).Cpus).Distinct().Order()];

    /// <summary>The cluster of a CPU.</summary>
    public PredictedCluster ClusterOf(int cpu) => clusters.First(cluster => cluster.Cpus.Contains(cpu));
}
