using System;
using System.Collections.Generic;
using Skerry.Core.Links;

namespace Skerry.Tests.Host.Links;

/// <summary>Takes every message and remembers what it was.</summary>
internal sealed class LinkRecorder
{
    public List<(uint Cluster, byte[] Line)> Lines { get; } = [];

    public List<(uint Cluster, Failure Failure)> Failures { get; } = [];

    public List<(uint Cluster, ClusterStatistics Statistics)> Clusters { get; } = [];

    public List<(uint Cluster, ChannelNotice Notice)> Notices { get; } = [];

    public List<(uint Cluster, string What)> Others { get; } = [];

    /// <summary>Called with each line's sender.</summary>
    public Action<uint>? OnLine { get; set; }

    /// <summary>Asked before each message; null: it does.</summary>
    public Func<bool>? TakesMore { get; set; }

    public readonly struct Handler(LinkRecorder recorder) : ILinkHandler
    {
        public bool TakesMore => recorder.TakesMore?.Invoke() ?? true;

        public void OnLog(uint cluster, ReadOnlySpan<byte> line)
        {
            recorder.Lines.Add((cluster, line.ToArray()));
            recorder.OnLine?.Invoke(cluster);
        }

        public void OnFailed(uint cluster, in Failure failure) => recorder.Failures.Add((cluster, failure));

        public void OnStatistics(uint cluster, in ClusterStatistics statistics) =>
            recorder.Clusters.Add((cluster, statistics));

        public void OnReady(uint cluster) => recorder.Others.Add((cluster, "ready"));

        public void OnShutdown(uint cluster) => recorder.Others.Add((cluster, "shutdown"));

        public void OnStopped(uint cluster) => recorder.Others.Add((cluster, "stopped"));

        public void OnChannelNotice(uint cluster, in ChannelNotice notice) => recorder.Notices.Add((cluster, notice));
    }
}
