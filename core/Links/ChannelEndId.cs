namespace Skerry.Core.Links;

/// <summary>One end of one of the configuration's channels.</summary>
/// <param name="channel">Index of the channel.</param>
/// <param name="side">0: the end of the record's First child; 1: that of its Second.</param>
public readonly struct ChannelEndId(uint channel, uint side)
{
    public const uint Sides = 2;

    public uint Channel { get; } = channel;

    public uint Side { get; } = side;

    /// <summary>Among the ends of all channels.</summary>
    public uint Index => Channel * Sides + Side;

    public ChannelEndId Other => new(Channel, 1 - Side);
}
