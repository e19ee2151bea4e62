using System.Collections.Generic;
using System.Linq;
using Skerry.Base.Configuration;
using Skerry.Base.Needs;
using Skerry.Qemu.Archive;
using Skerry.Qemu.Source;
using Skerry.Qemu.Topologies;

namespace Skerry.Qemu.Configuration;

/// <summary>
/// Checks that a system's clusters have memory enough: to start at all, and for what it runs there. What certainly is not
/// there is an error, what may not be a warning. The system has passed <see cref="MachineCheck"/>.
/// </summary>
public sealed class RoomCheck
{
    /// <summary>What firmware and bootstrap have in the boot CPU's cluster, in bytes.</summary>
    private const ulong BootstrapBytes = 4 * ByteSize.Mebi;

    private readonly IReadOnlyList<PredictedCluster> _clusters;
    private readonly MachineCpus _machine;
    private readonly ClusterMemory _memory;
    private readonly Diagnostics _diagnostics;

    /// <summary>Bytes that each cluster is to give, and where in the file something of it stands.</summary>
    private readonly SortedDictionary<int, (ulong Bytes, SourcePosition At)> _wanted = [];

    /// <summary>Children of each cluster.</summary>
    private readonly Dictionary<int, List<string>> _names = [];

    private RoomCheck(Topology topology, ClusterMode mode, ProgramCatalog programs, Diagnostics diagnostics)
    {
        _clusters = ClusterPrediction.Of(topology, mode);
        _machine = new MachineCpus(topology, _clusters);
        _memory = new ClusterMemory(topology, _clusters, programs);
        _diagnostics = diagnostics;
    }

    /// <summary>Records clusters that are needed and will be left out, and those that have too little for what they run.</summary>
    public static void Check(
        SystemDescription system,
        Topology topology,
        ClusterMode mode,
        ProgramCatalog programs,
        Diagnostics diagnostics
    )
    {
        var check = new RoomCheck(topology, mode, programs, diagnostics);
        foreach (ChildDescription child in system.Children)
        {
            int id = child.Cluster == ChildRecord.BootCluster ? 0 : (int)child.Cluster;
            check.Child(child, check._clusters[id], child.ClusterPosition);
            check.Want(id, child.RamQuota, child.Position);
        }
        foreach (VcoreDescription vcore in system.Vcores)
        {
            check.Vcore(vcore);
        }
        check.Compare();
    }

    private void Vcore(VcoreDescription vcore)
    {
        IReadOnlyList<int> cpus = _machine.Of(vcore);
        foreach (ChildDescription child in vcore.Children)
        {
            int place = (int)System.Math.Min(child.AffinityX, (uint)cpus.Count - 1);
            Child(child, _machine.ClusterOf(cpus[place]), child.AffinityPosition);
        }
        ulong claimed = vcore.Memory.Aggregate(0UL, (sum, memory) => sum + memory.Size);
        foreach (PredictedCluster cluster in _clusters)
        {
            int here = cluster.Cpus.Count(cpus.Contains);
            if (here != 0 && !_memory.IsParked(cluster))
            {
                ulong own = VcoreNeeds.Bytes((uint)here, (uint)vcore.Children.Count, claimed);
                Want(cluster.Id, own + Local(vcore), vcore.Position);
            }
        }
    }

    /// <summary>Of each instance's own cluster; other memory may be anybody's.</summary>
    private static ulong Local(VcoreDescription vcore) =>
        vcore
            .Memory.Where(memory => memory.Selection == MemorySelection.Local)
            .Aggregate(0UL, (sum, memory) => sum + memory.Size);

    private void Child(ChildDescription child, PredictedCluster home, SourcePosition position)
    {
        _names.TryAdd(home.Id, []);
        _names[home.Id].Add($"\"{child.Name}\"");
        if (_memory.IsParked(home))
        {
            string cluster = $"cluster {home.Id} has {Megabytes(_memory.Share(home))}";
            string reason = $"{cluster} of memory, and needs {Megabytes(_memory.Least(home))} to start";
            _diagnostics.Error(position, DiagnosticCode.NotOnThisMachine, $"\"{child.Name}\" has no home: {reason}");
        }
    }

    private void Want(int cluster, ulong bytes, SourcePosition position)
    {
        ulong before = _wanted.TryGetValue(cluster, out (ulong Bytes, SourcePosition At) wanted) ? wanted.Bytes : 0;
        _wanted[cluster] = (before + bytes, before == 0 ? position : wanted.At);
    }

    private void Compare()
    {
        foreach ((int id, (ulong bytes, SourcePosition at)) in _wanted)
        {
            if (_memory.IsParked(_clusters[id]))
            {
                continue;
            }
            ulong left = _memory.Left(_clusters[id]);
            string needed = $"what runs in cluster {id}{Names(id)} needs {Megabytes(bytes)}";
            string amounts = $"{needed}, and {Megabytes(left)} are left there";
            if (bytes > left)
            {
                _diagnostics.Error(at, DiagnosticCode.TooMuchMemory, $"{amounts} beside kernel and core");
            }
            else if (bytes + Uncertain(_clusters[id]) > left)
            {
                _diagnostics.Warning(at, DiagnosticCode.LittleRoom, $"{amounts} at most: it may not suffice");
            }
        }
    }

    /// <summary>
    /// Bytes that alignment may cost, that others may have, and what lies in memory already, in the boot CPU's cluster or
    /// the last.
    /// </summary>
    private ulong Uncertain(PredictedCluster cluster)
    {
        ulong aligned = _memory.Needs.Core((uint)cluster.Cpus.Count, (uint)_clusters.Count).OwnBytes;
        ulong bootstrap = cluster.Id == 0 ? BootstrapBytes : 0;
        ulong archive = cluster.Id == 0 || cluster == _clusters[^1] ? _memory.Needs.ArchiveBytes : 0;
        return aligned + bootstrap + archive + _memory.Doubtful(cluster);
    }

    private string Names(int cluster) =>
        _names.TryGetValue(cluster, out List<string>? names) ? $" ({string.Join(", ", names)})" : "";

    private static string Megabytes(ulong bytes) =>
        string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{(double)bytes / ByteSize.Mebi:F1}M");
}
