using System;
using Skerry.Abi.Boot;
using Skerry.Base.Configuration;
using Skerry.Base.Needs;
using Skerry.Base.Text;

namespace Skerry.Core.Placement;

/// <summary>
/// Whether every child and vcore of a configuration has CPUs that a kernel runs. One that has none would never start, and
/// so never fail: its system would end well without it, or never.
/// </summary>
public readonly ref struct Homes
{
    private readonly SystemConfiguration _configuration;
    private readonly ReadOnlySpan<MachineCpu> _cpus;

    /// <param name="configuration">The system's.</param>
    /// <param name="cpus">The machine's, in ascending order of number.</param>
    public Homes(SystemConfiguration configuration, ReadOnlySpan<MachineCpu> cpus)
    {
        _configuration = configuration;
        _cpus = cpus;
    }

    /// <returns>False if one has no home; the text then says which, and why.</returns>
    public bool AllExist(ref TextBuilder reason)
    {
        ClusterNumbers numbers = ClusterNumbers.Of(_cpus);
        RecordRange children = _configuration.CoreChildren;
        for (uint i = children.First; i < children.First + children.Count; i++)
        {
            ChildRecord child = _configuration.Child(i);
            if (!IsThere(CpuSelection.Clusters, ClusterNumbers.NumberOf(in child), in numbers, out MachineCpu cpu))
            {
                AppendChild(ref reason, in child);
                AppendMissing(ref reason, CpuSelection.Clusters, ClusterNumbers.NumberOf(in child));
                return false;
            }
            if (ParkedCluster.Is(cpu.Cluster, out uint parked))
            {
                AppendChild(ref reason, in child);
                AppendParked(ref reason, parked);
                return false;
            }
        }
        for (uint i = 0; i < _configuration.VcoreCount; i++)
        {
            if (!HasHome(_configuration.Vcore(i), in numbers, ref reason))
            {
                return false;
            }
        }
        return true;
    }

    /// <summary>Whether the configuration runs anything but core in a cluster.</summary>
    public bool IsInhabited(uint cluster)
    {
        ClusterNumbers numbers = ClusterNumbers.Of(_cpus);
        RecordRange children = _configuration.CoreChildren;
        for (uint i = children.First; i < children.First + children.Count; i++)
        {
            if (numbers.IsIn(_configuration.Child(i), cluster))
            {
                return true;
            }
        }
        for (uint i = 0; i < _configuration.VcoreCount; i++)
        {
            VcoreRecord vcore = _configuration.Vcore(i);
            if (VcorePlacement.Of(_configuration, in vcore, _cpus, cluster).CpuCount != 0)
            {
                return true;
            }
        }
        return false;
    }

    private bool HasHome(in VcoreRecord vcore, in ClusterNumbers numbers, ref TextBuilder reason)
    {
        RecordRange named = vcore.CpuIdentifiers;
        for (uint i = named.First; i < named.First + named.Count; i++)
        {
            uint identifier = _configuration.Identifier(i);
            if (!IsThere(vcore.CpuSelection, identifier, in numbers, out _))
            {
                AppendVcore(ref reason, in vcore);
                AppendMissing(ref reason, vcore.CpuSelection, identifier);
                return false;
            }
        }
        RecordRange children = vcore.Children;
        for (uint i = children.First; i < children.First + children.Count; i++)
        {
            ChildRecord child = _configuration.Child(i);
            if (IsParked(in vcore, child.AffinityX, in numbers, out uint parked))
            {
                AppendChild(ref reason, in child);
                reason.Append(" of "u8);
                AppendVcore(ref reason, in vcore);
                AppendParked(ref reason, parked);
                return false;
            }
        }
        if (IsAnyParked(in vcore, in numbers, out uint lost))
        {
            // Its children live elsewhere, but it was to have that part too.
            AppendVcore(ref reason, in vcore);
            AppendParked(ref reason, lost);
            return false;
        }
        return true;
    }

    /// <summary>Whether any CPU is of this cluster, of this node, or has this number.</summary>
    private bool IsThere(CpuSelection selection, uint wanted, in ClusterNumbers numbers, out MachineCpu found)
    {
        for (int i = 0; i < _cpus.Length; i++)
        {
            found = _cpus[i];
            if (VcorePlacement.NumberOf(selection, in numbers, in found, (uint)i) == wanted)
            {
                return true;
            }
        }
        found = default;
        return false;
    }

    /// <summary>Whether the CPU at a place of a vcore's space, the last one's if there are fewer, is parked.</summary>
    private bool IsParked(in VcoreRecord vcore, uint place, in ClusterNumbers numbers, out uint parked)
    {
        bool isParked = false;
        parked = 0;
        uint seen = 0;
        for (int i = 0; i < _cpus.Length && seen <= place; i++)
        {
            if (Selects(in vcore, in numbers, i))
            {
                isParked = ParkedCluster.Is(_cpus[i].Cluster, out parked);
                seen++;
            }
        }
        return isParked;
    }

    /// <summary>Whether one of a vcore's CPUs is parked: an instance of it would be missing.</summary>
    private bool IsAnyParked(in VcoreRecord vcore, in ClusterNumbers numbers, out uint parked)
    {
        parked = 0;
        for (int i = 0; i < _cpus.Length; i++)
        {
            if (Selects(in vcore, in numbers, i) && ParkedCluster.Is(_cpus[i].Cluster, out parked))
            {
                return true;
            }
        }
        return false;
    }

    private bool Selects(in VcoreRecord vcore, in ClusterNumbers numbers, int cpu)
    {
        uint number = VcorePlacement.NumberOf(vcore.CpuSelection, in numbers, in _cpus[cpu], (uint)cpu);
        return _configuration.Selects(in vcore, number);
    }

    private void AppendChild(ref TextBuilder text, in ChildRecord child) =>
        text.Append("child "u8).Append(_configuration.Text(child.Name));

    private void AppendVcore(ref TextBuilder text, in VcoreRecord vcore) =>
        text.Append("vcore "u8).Append(_configuration.Text(vcore.Name));

    private static void AppendParked(ref TextBuilder text, uint cluster) =>
        text.Append(" has no home: cluster "u8).AppendDecimal(cluster).Append(" has too little memory"u8);

    private static void AppendMissing(ref TextBuilder text, CpuSelection selection, uint number)
    {
        text.Append(" has no home: there is no "u8);
        text.Append(
            selection switch
            {
                CpuSelection.Clusters => "cluster "u8,
                CpuSelection.Nodes => "node with CPUs of number "u8,
                _ => "CPU "u8,
            }
        );
        text.AppendDecimal(number);
    }
}
