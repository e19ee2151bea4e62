using System;
using Skerry.Abi;
using Skerry.Base.Kernel;
using Skerry.Base.Servers;
using Skerry.Base.Text;
using Skerry.Core.Links;
using Skerry.Core.Printing;

namespace Skerry.Core;

/// <summary>What a cluster has done, and the root's table of it.</summary>
internal static unsafe class Statistics
{
    /// <summary>Of this cluster: its kernel's counters, and what its memory is used for.</summary>
    public static ClusterStatistics Collect(Server* server)
    {
        var own = new ClusterStatistics { CpuCount = server->CpuCount };
        for (int i = 0; i < (int)server->CpuCount; i++)
        {
            ref ServerCpu cpu = ref server->Cpus[i];
            if (cpu.Control.ReadCounters(out CpuCounters counters) == Status.Ok)
            {
                own.Add(in counters);
            }
            own.FaultsForwarded += cpu.ForwardsServed;
        }
        ulong usedBytes = server->Untyped.TotalBytes - server->Untyped.FreeBytes;
        own.FramesLocal = usedBytes / UserLayout.PageSize + server->OwnPages;
        own.FramesRemote = server->RemotePages;
        return own;
    }

    /// <summary>One line for each cluster. Faults answered in the cluster are those that were not forwarded to core.</summary>
    public static void PrintTable(uint clusters)
    {
        Span<byte> buffer = stackalloc byte[256];
        var text = new TextBuilder(buffer);
        text.Append("cluster  cpus  faults local  forwarded  IPIs in cluster  doorbells  frames local  remote\n"u8);
        Console.Write(text.Text);
        for (uint i = 0; i < clusters; i++)
        {
            ref ClusterStatistics cluster = ref ClusterEnds.Of(i).Statistics;
            ulong forwarded = cluster.FaultsForwarded;
            // Of several CPUs that ask for one page, one maps it: fewer may have been mapped than were asked for.
            ulong mapped = cluster.FaultsMapped;
            ulong local = mapped > forwarded ? mapped - forwarded : 0;
            text.Clear();
            text.AppendDecimal(i, 7).AppendDecimal(cluster.CpuCount, 6);
            text.AppendDecimal(local, 14).AppendDecimal(forwarded, 11);
            text.AppendDecimal(cluster.InterruptsInCluster, 17).AppendDecimal(cluster.DoorbellsSent, 11);
            text.AppendDecimal(cluster.FramesLocal, 14).AppendDecimal(cluster.FramesRemote, 8).AppendLine();
            Console.Write(text.Text);
        }
    }
}
