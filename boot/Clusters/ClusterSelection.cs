using System;
using Skerry.Abi.Boot;
using Skerry.Base.Needs;
using Skerry.Boot.Memory;
using Skerry.Boot.Topology;
using Skerry.Boot.Warnings;

namespace Skerry.Boot.Clusters;

/// <summary>Divides the memory, and leaves out clusters until each that is left has what it needs.</summary>
public static class ClusterSelection
{
    /// <param name="machine">Whose CPUs and nodes these are.</param>
    /// <param name="byNode">The memory.</param>
    /// <param name="clusters">Those that were formed; those that are left out are removed.</param>
    /// <param name="shares">What each one gets.</param>
    /// <param name="needs">Of each cluster.</param>
    /// <param name="shortage">What the boot CPU's cluster lacked, if it can't be made.</param>
    /// <param name="warnings">Which clusters are left out, or have their memory elsewhere, and why.</param>
    /// <returns>False: not even the boot CPU's cluster can be made.</returns>
    public static bool Select(
        ref MachineTopology machine,
        ref OwnedMemory byNode,
        ref ClusterTable clusters,
        ref OwnedMemory shares,
        ClusterNeeds needs,
        out MemoryShortage shortage,
        ref WarningList warnings
    )
    {
        shortage = default;
        while (true)
        {
            MemoryDivision.Divide(ref machine, ref byNode, ref clusters, ref shares);
            int starved = FindStarved(ref clusters, ref shares, needs, out ulong missing);
            if (starved < 0)
            {
                if (shares.LostBytes != 0)
                {
                    warnings.Add(WarningSource.Memory, WarningReason.PiecesLost, shares.LostBytes);
                }
                return true;
            }
            int leftOut = starved != 0 ? starved : LastOnSameMemory(ref clusters);
            if (leftOut <= 0)
            {
                if (!LeaveNode(ref machine, ref byNode, ref clusters, needs))
                {
                    shortage = ShortageOf(ref byNode, ref clusters, needs);
                    return false;
                }
                warnings.Add(
                    WarningSource.Cluster,
                    WarningReason.MemoryElsewhere,
                    machine.Cpus[(int)clusters.Items[0].FirstCpu].ApicId,
                    missing
                );
                continue;
            }
            uint firstCpu = clusters.Items[leftOut].FirstCpu;
            // Who gives way to the boot CPU's cluster lacks nothing itself.
            warnings.Add(
                WarningSource.Cluster,
                leftOut == starved ? WarningReason.TooLittleMemory : WarningReason.GaveWay,
                machine.Cpus[(int)firstCpu].ApicId,
                leftOut == starved ? missing : 0
            );
            clusters.Remove((uint)leftOut, ref machine);
        }
    }

    /// <summary>The largest piece that a cluster has on its memory node; its kernel lies at the start of it.</summary>
    public static PhysicalRange HomeOf(ref OwnedMemory shares, uint cluster, uint memoryNode)
    {
        PhysicalRange home = default;
        Span<OwnedPiece> pieces = shares.Pieces;
        for (int i = 0; i < pieces.Length; i++)
        {
            bool isCandidate = pieces[i].Cluster == cluster && pieces[i].Node == memoryNode;
            home = isCandidate && pieces[i].Range.Length > home.Length ? pieces[i].Range : home;
        }
        return home;
    }

    /// <summary>
    /// The last cluster whose home is too small, and the bytes it lacks: giving it up gives its neighbours more. -1: none.
    /// </summary>
    private static int FindStarved(
        ref ClusterTable clusters,
        ref OwnedMemory shares,
        ClusterNeeds needs,
        out ulong missing
    )
    {
        for (int i = clusters.Count - 1; i >= 0; i--)
        {
            missing = Missing(ref clusters, ref shares, needs, (uint)i);
            if (missing != 0)
            {
                return i;
            }
        }
        missing = 0;
        return -1;
    }

    private static ulong Missing(ref ClusterTable clusters, ref OwnedMemory shares, ClusterNeeds needs, uint number)
    {
        Cluster cluster = clusters.Items[(int)number];
        Span<OwnedPiece> pieces = shares.Pieces;
        uint ranges = 0;
        for (int i = 0; i < pieces.Length; i++)
        {
            ranges += pieces[i].Cluster == number ? 1u : 0;
        }
        PhysicalRange home = HomeOf(ref shares, number, cluster.MemoryNode);
        return needs.Missing(
            home.Base,
            home.Length,
            cluster.CpuCount,
            (uint)clusters.Count,
            ranges,
            cluster.OwnedBytes
        );
    }

    /// <summary>The machine's largest piece, which does not carry the boot CPU's cluster, and what would.</summary>
    private static MemoryShortage ShortageOf(ref OwnedMemory byNode, ref ClusterTable clusters, ClusterNeeds needs)
    {
        PhysicalRange largest = default;
        Span<OwnedPiece> pieces = byNode.Pieces;
        for (int i = 0; i < pieces.Length; i++)
        {
            largest = pieces[i].Range.Length > largest.Length ? pieces[i].Range : largest;
        }
        ulong missing = needs.Missing(
            largest.Base,
            largest.Length,
            clusters.Items[0].CpuCount,
            (uint)clusters.Count,
            ranges: 1,
            largest.Length
        );
        return new MemoryShortage { Length = largest.Length, Needed = largest.Length + missing };
    }

    /// <summary>
    /// For the boot CPU's cluster, which has its node for itself: that one counts as one without memory, and so do all that
    /// have no piece that could carry its kernel, so that nobody gives way in vain.
    /// </summary>
    /// <returns>False: there is no other.</returns>
    private static bool LeaveNode(
        ref MachineTopology machine,
        ref OwnedMemory byNode,
        ref ClusterTable clusters,
        ClusterNeeds needs
    )
    {
        Cluster boot = clusters.Items[0];
        machine.Nodes[(int)boot.MemoryNode].IsTooSmallForBootCluster = true;
        bool found = false;
        for (uint node = 0; node < machine.NodeCount; node++)
        {
            bool carries = false;
            Span<OwnedPiece> pieces = byNode.Pieces;
            for (int i = 0; i < pieces.Length; i++)
            {
                PhysicalRange range = pieces[i].Range;
                carries |=
                    pieces[i].Node == node
                    && needs.Missing(
                        range.Base,
                        range.Length,
                        boot.CpuCount,
                        (uint)clusters.Count,
                        ranges: 1,
                        range.Length
                    ) == 0;
            }
            machine.Nodes[(int)node].IsTooSmallForBootCluster |= !carries;
            found |= !machine.Nodes[(int)node].IsTooSmallForBootCluster;
        }
        return found;
    }

    /// <summary>A cluster that can give way to the boot CPU's; 0: there is none.</summary>
    private static int LastOnSameMemory(ref ClusterTable clusters)
    {
        int last = clusters.Count - 1;
        while (last > 0 && clusters.Items[last].MemoryNode != clusters.Items[0].MemoryNode)
        {
            last--;
        }
        return last;
    }
}
