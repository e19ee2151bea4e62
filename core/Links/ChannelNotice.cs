using System.Runtime.InteropServices;

namespace Skerry.Core.Links;

/// <summary>What one instance of core tells about an end of a channel that lies in its cluster.</summary>
[StructLayout(LayoutKind.Sequential)]
public struct ChannelNotice
{
    public uint Channel;
    public uint Side;
    public ChannelNoticeKind Kind;

    /// <summary>Where the end lies.</summary>
    public uint Cluster;

    /// <summary>Physical address of what the end receives into. Its size follows from the configuration.</summary>
    public ulong Address;

    public readonly ChannelEndId End => new(Channel, Side);
}

public enum ChannelNoticeKind : uint
{
    None = 0,

    /// <summary>The end has been opened.</summary>
    Offer = 1,

    /// <summary>The end has gone for good.</summary>
    Closed = 2,
}
