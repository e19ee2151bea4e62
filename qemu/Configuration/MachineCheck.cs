using System.Collections.Generic;
using System.Linq;
using Skerry.Base.Configuration;
using Skerry.Qemu.Source;
using Skerry.Qemu.Topologies;

namespace Skerry.Qemu.Configuration;

/// <summary>Checks a configuration against the machine and the clustering that it is to run on.</summary>
public sealed class MachineCheck
{
    private readonly Topology _topology;
    private readonly IReadOnlyList<PredictedCluster> _clusters;
    private readonly MachineCpus _machine;
    private readonly Diagnostics _diagnostics;

    /// <summary>Which vcore has each CPU that was given to one.</summary>
    private readonly Dictionary<int, VcoreDescription> _owners = [];

    /// <summary>Bytes that vcores claim from each node by its number.</summary>
    private readonly Dictionary<int, ulong> _claimedOfNodes = [];

    /// <summary>Bytes that instances claim as local to their cluster.</summary>
    private readonly Dictionary<int, ulong> _claimedOfClusters = [];

    private MachineCheck(Topology topology, ClusterMode mode, Diagnostics diagnostics)
    {
        _topology = topology;
        _clusters = ClusterPrediction.Of(topology, mode);
        _machine = new MachineCpus(topology, _clusters);
        _diagnostics = diagnostics;
    }

    /// <summary>Records what the system names and the machine does not have, and what is odd.</summary>
    public static void Check(SystemDescription system, Topology topology, ClusterMode mode, Diagnostics diagnostics)
    {
        var check = new MachineCheck(topology, mode, diagnostics);
        var homes = new Dictionary<ChildDescription, int>();
        foreach (ChildDescription child in system.Children)
        {
            homes[child] = check.CoreChild(child);
        }
        RouteReach.Check(homes, [], diagnostics);
        foreach (VcoreDescription vcore in system.Vcores)
        {
            check.Vcore(vcore);
        }
    }

    /// <returns>The cluster that it lives in.</returns>
    private int CoreChild(ChildDescription child)
    {
        uint id = child.Cluster == ChildRecord.BootCluster ? 0 : child.Cluster;
        if (id >= _clusters.Count)
        {
            _diagnostics.Error(
                child.ClusterPosition,
                DiagnosticCode.NotOnThisMachine,
                $"there is no cluster {id}: {_topology.Name} has {_clusters.Count}"
            );
            return (int)id;
        }
        Affinity(child, _clusters[(int)id].Cpus.Count);
        return (int)id;
    }

    private void Vcore(VcoreDescription vcore)
    {
        IReadOnlyList<int> cpus = Cpus(vcore);
        foreach (int cpu in cpus)
        {
            if (!_owners.TryAdd(cpu, vcore))
            {
                _diagnostics.Error(
                    vcore.CpusPosition,
                    DiagnosticCode.CpuTaken,
                    $"CPU {cpu} belongs to vcore \"{_owners[cpu].Name}\" already"
                );
            }
        }
        PredictedCluster[] instances = _clusters.Where(cluster => cluster.Cpus.Any(cpus.Contains)).ToArray();
        foreach (MemoryDescription memory in vcore.Memory)
        {
            Memory(memory, vcore, instances);
        }
        Dictionary<ChildDescription, int> homes = vcore
            .Children.Where(_ => cpus.Count != 0)
            .ToDictionary(child => child, child => VcoreChild(child, cpus));
        foreach (PredictedCluster instance in instances)
        {
            Quotas(vcore, instance, homes.Keys.Where(child => homes[child] == instance.Id));
        }
        RouteReach.Check(homes, vcore.Routes, _diagnostics);
    }

    /// <summary>The children of an instance live from what it claims. What it needs itself comes on top (RoomCheck).</summary>
    private void Quotas(VcoreDescription vcore, PredictedCluster instance, IEnumerable<ChildDescription> children)
    {
        ulong given = children.Aggregate(0UL, (sum, child) => sum + child.RamQuota);
        IEnumerable<MemoryDescription> claims = vcore.Memory.Where(memory =>
            memory.Selection != MemorySelection.Node || LivesFrom(instance, memory.Node)
        );
        ulong claimed = claims.Aggregate(0UL, (sum, memory) => sum + memory.Size);
        if (given > claimed)
        {
            Exceed($"{ByteSize.Format(given)} of \"ram\", and it claims {ByteSize.Format(claimed)} there");
        }
        long capabilities = children.Sum(child => (long)child.CapabilityQuota);
        if (capabilities > vcore.CapabilityQuota)
        {
            Exceed($"{capabilities} of \"capabilities\", and it has {vcore.CapabilityQuota}");
        }

        void Exceed(string amounts)
        {
            string reason = $"the children of \"{vcore.Name}\" in cluster {instance.Id} have {amounts}";
            _diagnostics.Error(vcore.Position, DiagnosticCode.ChildrenExceedVcore, reason);
        }
    }

    /// <summary>Whether core serves a claim on a node there: VcoreMemory in core says the same, and PdSessionServer refuses others.</summary>
    private static bool LivesFrom(PredictedCluster instance, uint node) => instance.MemoryNode == node;

    /// <summary>False only if it is certain: the memory of a node with CPUs goes to the clusters of those CPUs.</summary>
    private bool OwnsMemoryOf(PredictedCluster cluster, uint node) =>
        cluster.MemoryNode == node
        || _machine.OfNode(node).Count == 0
        || _machine.OfNode(node).Any(cluster.Cpus.Contains);

    /// <summary>The vcore's CPUs that exist, ascending: the places of its affinity space.</summary>
    private IReadOnlyList<int> Cpus(VcoreDescription vcore)
    {
        var cpus = new SortedSet<int>();
        foreach (uint id in vcore.CpuIdentifiers)
        {
            (string what, int count, IReadOnlyCollection<int> named) = _machine.Named(vcore.CpuSelection, id);
            if (id >= count)
            {
                _diagnostics.Error(
                    vcore.CpusPosition,
                    DiagnosticCode.NotOnThisMachine,
                    $"there is no {what} {id}: {_topology.Name} has {count}"
                );
            }
            else if (named.Count == 0)
            {
                _diagnostics.Error(vcore.CpusPosition, DiagnosticCode.NotOnThisMachine, $"{what} {id} has no CPU");
            }
            else
            {
                cpus.UnionWith(named);
            }
        }
        return [.. cpus];
    }

    private void Memory(MemoryDescription memory, VcoreDescription vcore, IReadOnlyList<PredictedCluster> instances)
    {
        switch (memory.Selection)
        {
            case MemorySelection.Local:
                foreach (PredictedCluster instance in instances)
                {
                    ulong share = Share(instance);
                    Claim(_claimedOfClusters, instance.Id, $"cluster {instance.Id}", share, memory);
                }
                break;
            case MemorySelection.Node when memory.Node >= _topology.Nodes.Count:
                string count = $"{_topology.Name} has {_topology.Nodes.Count}";
                _diagnostics.Error(
                    memory.Position,
                    DiagnosticCode.NotOnThisMachine,
                    $"there is no node {memory.Node}: {count}"
                );
                break;
            case MemorySelection.Node:
                ulong available = _topology.Nodes[(int)memory.Node].Memory;
                Claim(_claimedOfNodes, (int)memory.Node, $"node {memory.Node}", available, memory);
                Serve(memory, vcore, instances);
                break;
            default:
                Range(memory, instances);
                break;
        }
    }

    /// <summary>A claim on a node needs an instance that lives from it: what else clusters own is served by its place alone.</summary>
    private void Serve(MemoryDescription memory, VcoreDescription vcore, IReadOnlyList<PredictedCluster> instances)
    {
        if (instances.Any(instance => LivesFrom(instance, memory.Node)))
        {
            return;
        }
        if (!instances.Any(instance => OwnsMemoryOf(instance, memory.Node)))
        {
            Own(memory, memory.Node, instances);
            return;
        }
        string nodes = string.Join(" and ", instances.Select(instance => instance.MemoryNode).Distinct().Order());
        string lives = $"no instance of \"{vcore.Name}\" lives from node {memory.Node}, but from node {nodes}";
        string reason = $"{lives}; what else its clusters own is claimed by \"start\"";
        _diagnostics.Error(memory.Position, DiagnosticCode.RemoteMemory, reason);
    }

    /// <summary>Where QEMU puts memory is certain; what the firmware and kernels have of it, core says.</summary>
    private void Range(MemoryDescription memory, IReadOnlyList<PredictedCluster> instances)
    {
        ulong end = memory.Start + memory.Size;
        var pieces = PhysicalLayout
            .Pieces(_topology)
            .Where(piece => piece.Start < end && piece.End > memory.Start)
            .Select(piece =>
                (piece.Node, Bytes: System.Math.Min(piece.End, end) - System.Math.Max(piece.Start, memory.Start))
            )
            .ToArray();
        ulong there = pieces.Aggregate(0UL, (sum, piece) => sum + piece.Bytes);
        if (there < memory.Size)
        {
            string lacking = $"{ByteSize.Format(memory.Size - there)} from 0x{memory.Start:x} on";
            string reason = $"{lacking} are no memory of {_topology.Name}";
            _diagnostics.Error(memory.Position, DiagnosticCode.NotOnThisMachine, reason);
        }
        foreach (int node in pieces.Select(piece => piece.Node).Distinct())
        {
            Own(memory, (uint)node, instances);
        }
    }

    private void Own(MemoryDescription memory, uint node, IReadOnlyList<PredictedCluster> instances)
    {
        if (instances.Count != 0 && !instances.Any(instance => OwnsMemoryOf(instance, node)))
        {
            string reason = $"the memory of node {node} belongs to clusters where this vcore has no CPU";
            _diagnostics.Error(memory.Position, DiagnosticCode.RemoteMemory, reason);
        }
    }

    /// <summary>Bootstrap divides a node's memory evenly among the clusters that live from it.</summary>
    private ulong Share(PredictedCluster cluster)
    {
        int sharers = _clusters.Count(other => other.MemoryNode == cluster.MemoryNode);
        return _topology.Nodes[cluster.MemoryNode].Memory / (ulong)sharers;
    }

    private void Claim(Dictionary<int, ulong> claims, int id, string what, ulong available, MemoryDescription memory)
    {
        ulong claimed = claims.GetValueOrDefault(id) + memory.Size;
        claims[id] = claimed;
        if (claimed > available)
        {
            string amounts = $"{ByteSize.Format(claimed)} are claimed from it";
            _diagnostics.Error(
                memory.Position,
                DiagnosticCode.TooMuchMemory,
                $"{what} has {ByteSize.Format(available)} of memory, and {amounts}"
            );
        }
    }

    /// <returns>The cluster that it lives in.</returns>
    private int VcoreChild(ChildDescription child, IReadOnlyList<int> cpus)
    {
        (int first, int width) = Affinity(child, cpus.Count);
        int home = ClusterOf(cpus[first]);
        if (cpus.Skip(first).Take(width).Any(cpu => ClusterOf(cpu) != home))
        {
            _diagnostics.Error(
                child.AffinityPosition,
                DiagnosticCode.SeveralClusters,
                $"places {first} to {first + width - 1} lie in different clusters; a child lives in one"
            );
        }
        return home;
    }

    private int ClusterOf(int cpu) => _clusters.First(cluster => cluster.Cpus.Contains(cpu)).Id;

    /// <summary>The child's places, clipped to its parent's, as on the target.</summary>
    private (int First, int Width) Affinity(ChildDescription child, int places)
    {
        int first = (int)System.Math.Min(child.AffinityX, (uint)places - 1);
        int width = (int)System.Math.Min(child.AffinityWidth, (uint)(places - first));
        if (first != child.AffinityX || width != child.AffinityWidth)
        {
            string given = $"{child.AffinityWidth} from {child.AffinityX}";
            _diagnostics.Warning(
                child.AffinityPosition,
                DiagnosticCode.AffinityClipped,
                $"affinity {given} does not fit {places} CPUs and becomes {width} from {first}"
            );
        }
        return (first, width);
    }
}
