using System;
using Skerry.Abi;
using Skerry.Base.Kernel;
using Skerry.Base.Servers;
using Skerry.Base.Servers.Components;
using Skerry.Base.Text;
using Skerry.Core.Links;
using Skerry.Core.Printing;

namespace Skerry.Core;

/// <summary>What a cluster has done, and the root's table of it.</summary>
internal static unsafe class Statistics
{
    /// <summary>Of this cluster: its kernel's counters, and what its memory is used for.</summary>
    public static void Collect(Server* server, out ClusterStatistics kernel, out ServerStatistics own)
    {
        kernel = ClusterStatistics.Of(in *Core.Information);
        own = new ServerStatistics { Name = BoundedText<NameBytes>.Of("core"u8), CpuCount = server->CpuCount };
        for (int i = 0; i < (int)server->CpuCount; i++)
        {
            ref ServerCpu cpu = ref server->Cpus[i];
            if (cpu.Control.ReadCounters(out CpuCounters counters) == Status.Ok)
            {
                kernel.Add(in counters);
            }
            own.FaultsLocal += cpu.FaultsLocal;
            own.FaultsForwarded += cpu.ForwardsServed;
            own.FaultsUnresolved += cpu.FaultsUnresolved;
        }
        Links.Links.AddTo(ref kernel);
        ChannelSessions.AddTo(ref kernel);
        for (Child* child = server->Children; child != null; child = child->Next)
        {
            own.Children++;
        }
        ulong usedBytes = server->Untyped.TotalBytes - server->Untyped.FreeBytes;
        own.FramesLocal = usedBytes / UserLayout.PageSize + server->OwnPages;
        own.FramesRemote = server->RemotePages;
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
            ref ClusterEnds.ClusterEntry entry = ref ClusterEnds.Of(i);
            ulong forwarded = entry.Server.FaultsForwarded;
            // Of several CPUs that ask for one page, one maps it: fewer may have been mapped than were asked for.
            ulong mapped = entry.Kernel.FaultsMapped;
            ulong local = mapped > forwarded ? mapped - forwarded : 0;
            text.Clear();
            text.AppendDecimal(i, 7).AppendDecimal(entry.Kernel.CpuCount, 6);
            text.AppendDecimal(local, 14).AppendDecimal(forwarded, 11);
            text.AppendDecimal(entry.Kernel.InterruptsInCluster, 17).AppendDecimal(entry.Kernel.DoorbellsSent, 11);
            text.AppendDecimal(entry.Server.FramesLocal, 14).AppendDecimal(entry.Server.FramesRemote, 8).AppendLine();
            Console.Write(text.Text);
        }
    }
}
