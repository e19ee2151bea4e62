using System.Threading;
using Skerry.Base.Channels;

namespace Skerry.Core.Links;

/// <summary>What links stand on beyond the sleep protocol, as a policy, so that tests can leave one out and see it fail.</summary>
public interface ILinkProtocol : IMemoryOrder
{
    /// <summary>Whether a thread has the ring to itself from a message's first slot to its last.</summary>
    static abstract bool LocksWholeMessages { get; }

    /// <summary>Whether a sender announces what it has written before it waits for room for the rest.</summary>
    static abstract bool AnnouncesBeforeWaiting { get; }
}

/// <summary>What links use.</summary>
public readonly struct StrictLinkProtocol : ILinkProtocol
{
    public static bool LooksAgain => true;

    public static bool LocksWholeMessages => true;

    public static bool AnnouncesBeforeWaiting => true;

    public static void Fence() => Interlocked.MemoryBarrier();
}
