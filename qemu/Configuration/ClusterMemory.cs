using System.Collections.Generic;
using System.Linq;
using System.Runtime.CompilerServices;
using Skerry.Abi.Boot;
using Skerry.Base.Needs;
using Skerry.Qemu.Archive;
using Skerry.Qemu.Topologies;

namespace Skerry.Qemu.Configuration;

/// <summary>
/// How much memory each cluster has at most, and which ones bootstrap will leave out for want of it, reckoned as bootstrap
/// does. The firmware, bootstrap and the archive take some that nobody can say beforehand, so a cluster may have less.
/// </summary>
public sealed class ClusterMemory
{
    /// <summary>Shares that bootstrap cuts nodes without CPUs into, all together (boot/Memory/OwnedMemory.cs).</summary>
    public const int MaximumShares = 512;

    private readonly Topology _topology;
    private readonly List<PredictedCluster> _living;

    /// <summary>The boot CPU's cluster's memory node, where it is not the nearest one with memory.</summary>
    private int? _bootNode;

    /// <param name="topology">The machine.</param>
    /// <param name="clusters">All that it has.</param>
    /// <param name="programs">With the kernel and core among them.</param>
    public ClusterMemory(Topology topology, IReadOnlyList<PredictedCluster> clusters, ProgramCatalog programs)
    {
        _topology = topology;
        _living = [.. clusters];
        int perCpu = Unsafe.SizeOf<Abi.Boot.MachineCpu>() + Unsafe.SizeOf<MachineCluster>();
        Needs = new ClusterNeeds
        {
            KernelBytes = programs.Loaded("kernel") ?? 0,
            CoreBytes = programs.Loaded("core") ?? 0,
            MachineBytes = (ulong)(topology.Cpus.Count * perCpu),
            ArchiveBytes = programs.TotalBytes,
        };
        Park();
    }

    public ClusterNeeds Needs { get; }

    public bool IsParked(PredictedCluster cluster) => !_living.Contains(cluster);

    /// <summary>Bytes that a cluster needs to start.</summary>
    public ulong Least(PredictedCluster cluster) =>
        Needs.Least((uint)cluster.Cpus.Count, (uint)_living.Count, Share(cluster));

    /// <summary>Bytes of its memory node that a cluster has: a node goes in equal shares to those that live from it.</summary>
    public ulong Share(PredictedCluster cluster)
    {
        int sharers = _living.Count(other => NodeOf(other) == NodeOf(cluster));
        ulong bytes = _topology.HasNumaTables ? _topology.Nodes[NodeOf(cluster)].Memory : _topology.TotalMemory;
        return bytes / (ulong)System.Math.Max(sharers, 1);
    }

    /// <summary>Bytes that core has to give, at most: shares of nodes that no cluster lives from may be among them.</summary>
    public ulong Left(PredictedCluster cluster)
    {
        ulong owned = Share(cluster) + Unclaimed(cluster, _ => true);
        ulong least = Needs.Least((uint)cluster.Cpus.Count, (uint)_living.Count, owned);
        return owned > least ? owned - least : 0;
    }

    /// <summary>
    /// Bytes of those that others may have instead: where a node has not shares for all that are nearest, the poorest take
    /// them, and who is poorest depends on what the firmware has.
    /// </summary>
    public ulong Doubtful(PredictedCluster cluster) => Unclaimed(cluster, claimants => claimants > MostShares);

    /// <summary>A cluster's shares of the nodes that no cluster lives from; each goes to those that are nearest to it.</summary>
    private ulong Unclaimed(PredictedCluster cluster, System.Func<int, bool> isAsked) =>
        UnclaimedNodes.Aggregate(
            0UL,
            (sum, node) =>
            {
                PredictedCluster[] nearest = [.. _living.Where(other => Distance(other, node) == Nearest(node))];
                bool isHere = nearest.Contains(cluster) && isAsked(nearest.Length);
                return isHere ? sum + node.Memory / (ulong)System.Math.Min(nearest.Length, MostShares) : sum;
            }
        );

    /// <summary>Bootstrap's number, by which the pieces of all these nodes have room in the lists.</summary>
    private int MostShares
    {
        get
        {
            int room = System.Math.Min(_living.Count * RangeList.Capacity / 2, MaximumShares);
            return System.Math.Max(room / System.Math.Max(UnclaimedNodes.Length, 1), 1);
        }
    }

    private TopologyNode[] UnclaimedNodes =>
        _topology.HasNumaTables
            ? [.. _topology.Nodes.Where(node => node.Memory != 0 && _living.All(other => NodeOf(other) != node.Id))]
            : [];

    private uint Nearest(TopologyNode node) => _living.Min(cluster => Distance(cluster, node));

    private uint Distance(PredictedCluster cluster, TopologyNode node) =>
        _topology.Distances[_topology.Cpus[cluster.Cpus[0]].Node][node.Id];

    private int NodeOf(PredictedCluster cluster) =>
        !_topology.HasNumaTables ? 0
        : cluster.Id == 0 ? _bootNode ?? cluster.MemoryNode
        : cluster.MemoryNode;

    /// <summary>
    /// From the last one on; one of the same memory gives way to the boot CPU's, which at last takes memory elsewhere.
    /// </summary>
    private void Park()
    {
        var small = new HashSet<int>();
        while (_living.LastOrDefault(cluster => Share(cluster) < Least(cluster)) is { } starved)
        {
            PredictedCluster left =
                starved.Id != 0 ? starved : _living.Last(cluster => NodeOf(cluster) == NodeOf(starved));
            if (left.Id == 0 && small.Add(NodeOf(left)) && LargeNode(left, small) is { } node)
            {
                _bootNode = node;
                continue;
            }
            _living.Remove(left);
            if (left.Id == 0)
            {
                return;
            }
        }
    }

    /// <summary>The nearest one whose memory carries the boot CPU's cluster, but for those that were tried.</summary>
    private int? LargeNode(PredictedCluster boot, HashSet<int> tried) =>
        _topology
            .Nodes.Where(node => _topology.HasNumaTables && !tried.Contains(node.Id))
            .Where(node => node.Memory >= Needs.Least((uint)boot.Cpus.Count, (uint)_living.Count, node.Memory))
            .OrderBy(node => Distance(boot, node))
            .ThenBy(node => node.Id)
            .Select(node => (int?)node.Id)
            .FirstOrDefault();
}
