using Skerry.Base.Kernel;

namespace Skerry.Core.Links;

/// <summary>The notification that an end's component waits on.</summary>
/// <param name="wait">With all rights; lies on the component's CPU.</param>
/// <param name="signal">A copy with the Signal right alone, for a peer in the same cluster.</param>
public readonly struct ChannelWake(NotificationCapability wait, NotificationCapability signal)
{
    public NotificationCapability Wait { get; } = wait;

    public NotificationCapability Signal { get; } = signal;
}
