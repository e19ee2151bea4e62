using System;
using System.Runtime.CompilerServices;
using Skerry.Abi.Boot;
using Skerry.Boot.Memory;
using Skerry.Boot.Topology;

namespace Skerry.Boot.Clusters;

/// <summary>
/// Gives every page to one cluster: a node's memory to the clusters whose CPUs are on it and to those of nodes without
/// memory that are nearest to it, in equal contiguous shares; where no cluster claims it, to the nearest ones, of which
/// those with the least memory so far take it if all together would make too many pieces.
/// </summary>
public static class MemoryDivision
{
    /// <summary>Shares from here on end on a boundary of 2 MiB: it shifts them by an eighth at most.</summary>
    private const ulong LargeShare = 8 * PhysicalMemory.LargePage;

    /// <summary>Of nodes without CPUs, that each cluster is to get at most.</summary>
    private const int SharesPerCluster = RangeList.Capacity / 2;

    /// <summary><paramref name="byNode"/> has the memory by node; the shares are added to <paramref name="shares"/>.</summary>
    /// <returns>False: there was no room for all pieces, and the shares say how much is lost.</returns>
    public static bool Divide(
        ref MachineTopology machine,
        ref OwnedMemory byNode,
        ref ClusterTable clusters,
        ref OwnedMemory shares
    )
    {
        ChooseMemoryNodes(ref machine, ref byNode, clusters.Items);
        shares.Clear();
        int unclaimed = 0;
        for (uint node = 0; node < machine.NodeCount; node++)
        {
            var claims = new Claims();
            ulong bytes = byNode.BytesOf(node);
            int claimants = bytes != 0 ? Claim(clusters.Items, node, ref claims) : 0;
            if (claimants != 0)
            {
                Share(ref byNode, node, bytes, claims, claimants, clusters.Items, ref shares);
            }
            unclaimed += bytes != 0 && claimants == 0 ? 1 : 0;
        }
        DivideUnclaimed(ref machine, ref byNode, clusters.Items, unclaimed, ref shares);
        return shares.LostBytes == 0;
    }

    /// <summary>
    /// Nodes without CPUs are cut into so few shares that all their shares together have room, and on the average those of
    /// one cluster in the list of its kernel, where pieces of other nodes and of the cluster's own lie too.
    /// </summary>
    private static void DivideUnclaimed(
        ref MachineTopology machine,
        ref OwnedMemory byNode,
        Span<Cluster> clusters,
        int unclaimed,
        ref OwnedMemory shares
    )
    {
        int room = clusters.Length * SharesPerCluster;
        room = room < OwnedMemory.MaximumShares ? room : OwnedMemory.MaximumShares;
        int most = unclaimed != 0 && room > unclaimed ? room / unclaimed : 1;
        for (uint node = 0; node < machine.NodeCount && unclaimed != 0; node++)
        {
            var claims = new Claims();
            ulong bytes = byNode.BytesOf(node);
            if (bytes != 0 && Claim(clusters, node, ref claims) == 0)
            {
                int claimants = ClaimNearest(ref machine, clusters, node, most, ref claims);
                Share(ref byNode, node, bytes, claims, claimants, clusters, ref shares);
            }
        }
    }

    private static void ChooseMemoryNodes(ref MachineTopology machine, ref OwnedMemory byNode, Span<Cluster> clusters)
    {
        var bytes = new NodeBytes();
        Span<ulong> bytesOf = bytes;
        for (int i = 0; i < byNode.Pieces.Length; i++)
        {
            bytesOf[(int)byNode.Pieces[i].Node] += byNode.Pieces[i].Range.Length;
        }
        for (int i = 0; i < clusters.Length; i++)
        {
            clusters[i].MemoryNode = NearestMemory(ref machine, bytesOf, clusters[i].Node, isBootCluster: i == 0);
            clusters[i].OwnedBytes = 0;
        }
    }

    /// <summary>The node itself, if it has memory.</summary>
    private static uint NearestMemory(
        ref MachineTopology machine,
        ReadOnlySpan<ulong> bytesOf,
        uint own,
        bool isBootCluster
    )
    {
        int nearest = -1;
        for (uint node = 0; node < machine.NodeCount; node++)
        {
            bool isUsable =
                bytesOf[(int)node] != 0 && !(isBootCluster && machine.Nodes[(int)node].IsTooSmallForBootCluster);
            bool isNearer =
                nearest < 0 || node == own || machine.Distance(own, node) < machine.Distance(own, (uint)nearest);
            if (isUsable && isNearer && nearest != (int)own)
            {
                nearest = (int)node;
            }
        }
        return nearest < 0 ? own : (uint)nearest;
    }

    /// <summary>How many clusters have the node for theirs, and which.</summary>
    private static int Claim(Span<Cluster> clusters, uint node, ref Claims claims)
    {
        int count = 0;
        Span<bool> claimed = claims;
        for (int i = 0; i < clusters.Length; i++)
        {
            claimed[i] = clusters[i].MemoryNode == node;
            count += claimed[i] ? 1 : 0;
        }
        return count;
    }

    /// <summary>At most so many of the nearest clusters, those with the least memory first.</summary>
    private static int ClaimNearest(
        ref MachineTopology machine,
        Span<Cluster> clusters,
        uint node,
        int most,
        ref Claims claims
    )
    {
        byte nearest = byte.MaxValue;
        for (int i = 0; i < clusters.Length; i++)
        {
            byte distance = machine.Distance(clusters[i].Node, node);
            nearest = distance < nearest ? distance : nearest;
        }
        Span<bool> claimed = claims;
        int count = 0;
        for (int poorest = 0; count < most && poorest >= 0; count += poorest >= 0 ? 1 : 0)
        {
            poorest = -1;
            for (int i = 0; i < clusters.Length; i++)
            {
                bool isCandidate = !claimed[i] && machine.Distance(clusters[i].Node, node) == nearest;
                bool isPoorer = poorest < 0 || clusters[i].OwnedBytes < clusters[poorest].OwnedBytes;
                poorest = isCandidate && isPoorer ? i : poorest;
            }
            if (poorest >= 0)
            {
                claimed[poorest] = true;
            }
        }
        return count;
    }

    /// <summary>
    /// Each claimant takes its part of what is left: whole pieces, then the start of one up to a boundary of 2 MiB, or
    /// of a page if that would be far from equal. The last one takes all the rest, so that no page is lost.
    /// </summary>
    private static void Share(
        ref OwnedMemory byNode,
        uint node,
        ulong left,
        Claims claims,
        int claimants,
        Span<Cluster> clusters,
        ref OwnedMemory shares
    )
    {
        Span<OwnedPiece> pieces = byNode.Pieces;
        Span<bool> claimed = claims;
        int piece = 0;
        ulong used = 0;
        for (int cluster = 0; cluster < clusters.Length; cluster++)
        {
            if (!claimed[cluster])
            {
                continue;
            }
            ulong wanted = left / (ulong)claimants--;
            ulong taken = 0;
            while (piece < pieces.Length && (taken < wanted || claimants == 0))
            {
                ulong start = pieces[piece].Range.Base + used;
                ulong available = pieces[piece].Range.Length - used;
                if (pieces[piece].Node != node || available == 0)
                {
                    piece++;
                    used = 0;
                    continue;
                }
                ulong part = claimants == 0 ? available : Part(start, available, wanted - taken, wanted >= LargeShare);
                if (part == 0)
                {
                    break;
                }
                shares.Add(start, part, node, (uint)cluster);
                taken += part;
                used += part;
            }
            left -= taken;
            clusters[cluster].OwnedBytes += taken;
        }
    }

    private static ulong Part(ulong start, ulong available, ulong wanted, bool isLarge)
    {
        if (available <= wanted)
        {
            return available;
        }
        ulong boundary = isLarge ? PhysicalMemory.LargePage : PhysicalMemory.PageSize;
        ulong end = (start + wanted) & ~(boundary - 1);
        return end > start ? end - start : 0;
    }

    [InlineArray(MachineTopology.MaximumCpus)]
    private struct Claims
    {
        private bool _claimed;
    }

    [InlineArray(MachineTopology.MaximumNodes)]
    private struct NodeBytes
    {
        private ulong _bytes;
    }
}
