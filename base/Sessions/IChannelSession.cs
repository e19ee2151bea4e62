using Skerry.Base.Kernel;
using Skerry.Base.Rpc;

namespace Skerry.Base.Sessions;

/// <summary>
/// One end of a channel between two components, which may lie in different clusters. Which two is in the configuration;
/// the session's label names the channel, and may be empty for a component with only one. PairChannel works on what this
/// session gives.
/// </summary>
[RpcInterface]
public interface IChannelSession
{
    /// <summary>
    /// Opens this end, once.
    /// </summary>
    /// <param name="wake">
    /// What is signalled when the other end comes or goes, and when a message comes while this end sleeps.
    /// </param>
    ChannelResult Open(NotificationCapability wake);

    /// <summary>
    /// The channel's memory, laid out as PairChannel says; Pending as long as the other end has not been opened.
    /// </summary>
    /// <param name="inbound">What this end receives into: memory of its own cluster.</param>
    /// <param name="outbound">What the other end receives into.</param>
    /// <param name="doorbell">Wakes the other end: rung when it sleeps.</param>
    /// <param name="slots">Of either ring.</param>
    ChannelResult Connect(
        out DataspaceCapability inbound,
        out DataspaceCapability outbound,
        out DoorbellCapability doorbell,
        out uint slots
    );

    /// <summary>Pending, Ok or PeerClosed; Denied before <see cref="Open"/>.</summary>
    ChannelResult PeerState();
}
