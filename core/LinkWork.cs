using System;
using System.Threading;
using Skerry.Base.Servers;
using Skerry.Core.Links;
using Skerry.Core.Printing;

namespace Skerry.Core;

/// <summary>The doorbell thread: what comes from the other clusters' instances, and channels that want to be woken.</summary>
internal readonly unsafe struct LinkWork(Server* server) : IDoorbellWork
{
    private static uint shutdownAsked;

    /// <summary>The root has asked this instance for its statistics.</summary>
    public static bool IsShutdownAsked => Volatile.Read(ref shutdownAsked) != 0;

    /// <summary>The thread's whole life.</summary>
    public static void Run(ulong _)
    {
        var work = new LinkWork(Core.Server);
        Links.Links.Serve(ref work);
    }

    public bool TakesMore => !Core.IsRoot || Console.HasRoom;

    public void OnLog(uint cluster, ReadOnlySpan<byte> line)
    {
        Figures.Observe(line);
        Console.WriteOthers(line);
    }

    public void OnFailed(uint cluster, in Failure failure)
    {
        ClusterEnds.SetFailed(cluster, in failure.Name);
        server->Attention.Signal();
    }

    public void OnStatistics(uint cluster, in ClusterStatistics statistics) =>
        ClusterEnds.Of(cluster).Statistics = statistics;

    public void OnReady(uint cluster)
    {
        ClusterEnds.Set(cluster, ClusterState.Succeeded);
        server->Attention.Signal();
    }

    public void OnShutdown(uint cluster)
    {
        Volatile.Write(ref shutdownAsked, 1);
        server->Attention.Signal();
    }

    public void OnStopped(uint cluster)
    {
        ClusterEnds.Set(cluster, ClusterState.Stopped);
        server->Attention.Signal();
    }

    public void OnChannelNotice(uint cluster, in ChannelNotice notice) => ChannelSessions.Accept(cluster, in notice);

    public bool Work() => ChannelSessions.Work();
}
