using System;

namespace Skerry.Core.Links;

/// <summary>
/// What an instance of core does with the messages of the others. Called on the thread that polls, which must not wait
/// for another instance: send with Try… from here, and try again later.
/// </summary>
public interface ILinkHandler
{
    /// <summary>
    /// Whether a message may be handed over now. If not, the rest waits in the rings, and its senders for room there; the
    /// handler rings the own doorbell when it may be asked again.
    /// </summary>
    bool TakesMore { get; }

    /// <summary>A whole line, with its line feed if the sender gave one. Valid until the call returns.</summary>
    void OnLog(uint cluster, ReadOnlySpan<byte> line);

    void OnFailed(uint cluster, in Failure failure);

    void OnStatistics(uint cluster, in ClusterStatistics statistics);

    /// <summary>All essential children of that cluster have ended well, or it has none.</summary>
    void OnReady(uint cluster);

    void OnShutdown(uint cluster);

    void OnStopped(uint cluster);

    /// <summary>For <see cref="ChannelBroker.Accept"/>.</summary>
    void OnChannelNotice(uint cluster, in ChannelNotice notice);
}
