namespace Skerry.Core.Links;

/// <summary>What the doorbell thread does beside the links' messages.</summary>
public interface IDoorbellWork : ILinkHandler
{
    /// <summary>
    /// Called each time around, and at least once after each ring of the doorbell: <see cref="ChannelBroker.Pump"/>,
    /// <see cref="ChannelBroker.WakeSleepers"/>.
    /// </summary>
    /// <returns>True if something remains that can't wait for the next ring.</returns>
    bool Work();
}
