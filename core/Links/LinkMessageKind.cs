namespace Skerry.Core.Links;

/// <summary>What the instances of core tell each other. It stands in four bits of a slot's tag.</summary>
public enum LinkMessageKind
{
    None = 0,

    /// <summary>To the root: a line of the log.</summary>
    Log = 1,

    /// <summary>To the root: <see cref="Failure"/>.</summary>
    Failed = 2,

    /// <summary>To the root: <see cref="ClusterStatistics"/>.</summary>
    Statistics = 3,

    /// <summary>To the root: all essential children of this cluster have ended well, or it has none.</summary>
    Ready = 4,

    /// <summary>From the root: end, and send the statistics.</summary>
    Shutdown = 5,

    /// <summary>To the root: the last message of an instance; its statistics came before.</summary>
    Stopped = 6,

    /// <summary>To and from the root: <see cref="ChannelNotice"/>.</summary>
    Channel = 7,

    /// <summary>More of the message that the slots before began.</summary>
    Continuation = 15,
}
