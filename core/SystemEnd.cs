using System;
using Skerry.Abi;
using Skerry.Base.Configuration;
using Skerry.Base.Servers;
using Skerry.Core.Links;

namespace Skerry.Core;

/// <summary>
/// How the system ends: each instance tells the root when its essential children have ended well; when all have, the
/// root asks them for their statistics, prints the table, and ends the machine. A failure anywhere ends it at once.
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
            Statistics.Collect(server, out ClusterStatistics kernel, out ServerStatistics own);
            Links.Links.SendStatistics(in own);
            Links.Links.SendStatistics(in kernel);
            Links.Links.SendStopped();
        }
    }

    private static void AdvanceRoot(Server* server)
    {
        uint others = Links.Links.ClusterCount - 1;
        if (ClusterEnds.HasFailed)
        {
            Console.End(ExitCode.ComponentFailure, "an essential child in another cluster failed"u8);
        }
        if (hasSucceeded && ClusterEnds.Succeeded == others && !hasAsked)
        {
            hasAsked = true;
            for (uint i = 1; i <= others; i++)
            {
                Links.Links.SendShutdown(i);
            }
        }
        if (hasAsked && ClusterEnds.Stopped == others)
        {
            ref ClusterEnds.ClusterEntry root = ref ClusterEnds.Of(0);
            Statistics.Collect(server, out root.Kernel, out root.Server);
            SystemConfiguration.Open(server->Configuration, out SystemConfiguration configuration);
            Residents.Print(configuration, others + 1);
            Statistics.PrintTable(others + 1);
            Figures.Print();
            Console.End(ExitCode.Success, "all essential children have exited with 0"u8);
        }
    }
}
