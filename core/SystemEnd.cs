using System;
using Skerry.Abi;
using Skerry.Base.Configuration;
using Skerry.Base.Servers;
using Skerry.Base.Servers.Components;
using Skerry.Base.Text;
using Skerry.Core.Links;
using Skerry.Core.Lost;
using Skerry.Core.Placement;
using Skerry.Core.Printing;

namespace Skerry.Core;

/// <summary>
/// How the system ends: each instance tells the root when its essential children have ended well; when all have, the
/// root asks them for their statistics, prints the table, and ends the machine. A failure anywhere ends it at once, as does
/// the loss of a cluster that anything runs in.
/// </summary>
internal static unsafe class SystemEnd
{
    private static bool hasSucceeded;
    private static bool hasAsked;
    private static bool hasStopped;

    /// <summary>Called by the main thread each time that something has happened.</summary>
    public static void Advance(Server* server)
    {
        bool now = !hasSucceeded && Supervisor.AllEssentialSucceeded(server);
        hasSucceeded |= now;
        if (Core.IsRoot)
        {
            AdvanceRoot(server);
            return;
        }
        if (now)
        {
            Links.Links.SendReady();
        }
        if (LinkWork.IsShutdownAsked && !hasStopped)
        {
            hasStopped = true;
            Links.Links.SendStatistics(Statistics.Collect(server));
            Links.Links.SendStopped();
        }
    }

    private static void AdvanceRoot(Server* server)
    {
        uint clusters = Links.Links.ClusterCount;
        LostClusters.Look();
        var configuration = SystemConfiguration.OfChecked(server->Configuration);
        if (ClusterEnds.TryFindFailed(out uint failed, out BoundedText<NameBytes> name))
        {
            EndFailed(failed, in name);
        }
        if (IsNeededLost(configuration, clusters, out uint needed))
        {
            EndWithout(needed);
        }
        if (hasSucceeded && ClusterEnds.AllAre(ClusterState.Succeeded, clusters) && !hasAsked)
        {
            hasAsked = true;
            AskForStatistics(clusters);
        }
        if (hasAsked && ClusterEnds.AllAre(ClusterState.Stopped, clusters))
        {
            ClusterEnds.Of(0).Statistics = Statistics.Collect(server);
            Residents.Print(configuration, clusters);
            Statistics.PrintTable(clusters);
            Figures.Print();
            if (ClusterEnds.TryFindLost(clusters, out uint lost))
            {
                EndWithout(lost);
            }
            Console.End(ExitCode.Success, "all essential children have exited with 0"u8);
        }
    }

    private static void AskForStatistics(uint clusters)
    {
        for (uint i = 1; i < clusters; i++)
        {
            if (!ClusterEnds.Is(i, ClusterState.Lost))
            {
                Links.Links.SendShutdown(i);
            }
        }
    }

    /// <summary>
    /// Whether a lost cluster ran anything but core. Who waits for that would wait for ever, so nobody is waited for.
    /// </summary>
    private static bool IsNeededLost(SystemConfiguration configuration, uint clusters, out uint cluster)
    {
        var homes = new Homes(configuration, Core.Cpus);
        for (cluster = 1; cluster < clusters; cluster++)
        {
            if (ClusterEnds.Is(cluster, ClusterState.Lost) && homes.IsInhabited(cluster))
            {
                return true;
            }
        }
        return false;
    }

    private static void EndFailed(uint cluster, in BoundedText<NameBytes> name)
    {
        Span<byte> buffer = stackalloc byte[128];
        var text = new TextBuilder(buffer);
        text.Append("cluster "u8).AppendDecimal(cluster).Append(": "u8);
        text.Append(name.Text).Append(" failed"u8);
        Console.End(ExitCode.ComponentFailure, text.Text);
    }

    private static void EndWithout(uint cluster)
    {
        Span<byte> buffer = stackalloc byte[80];
        var text = new TextBuilder(buffer);
        text.Append("cluster "u8).AppendDecimal(cluster).Append(" was lost: its kernel has panicked"u8);
        Console.End(ExitCode.KernelPanic, text.Text);
    }
}
