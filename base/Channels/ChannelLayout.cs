namespace Skerry.Base.Channels;

/// <summary>
/// How channel memory is laid out. All of it lies in memory of the receiver's cluster; what is written from outside is
/// written by one sender alone, except for the pending bitmap.
/// </summary>
/// <remarks>
/// <code>
///   cluster's inbound area (MachineCluster.Inbound)        a ring of n slots
///     page 0      ReceiverControl                            line 0       acknowledgement
///     page 1 + s  ring whose only writer is cluster s        line 1 to n  slots
/// </code>
/// The acknowledgement line of the ring from s to r tells r how far s has read the ring from r to s: it lies where r
/// reads it locally, and s writes no other page of r.
/// </remarks>
public static class ChannelLayout
{
    /// <summary>How often a receiver looks in vain before it goes to sleep.</summary>
    public const int PollsBeforeSleep = 64;

    /// <summary>Bytes of a cache line.</summary>
    public const int LineBytes = 64;

    public const int PageBytes = 4096;

    /// <summary>Slots of a ring that fills one page.</summary>
    public const int SlotsPerPage = PageBytes / LineBytes - 1;

    /// <summary>Bytes of a ring with so many slots.</summary>
    public static ulong RingBytes(int slots) => (ulong)(slots + 1) * LineBytes;

    /// <summary>Bytes of a cluster's inbound area on a machine with so many clusters.</summary>
    public static ulong InboundBytes(uint clusters) => (1ul + clusters) * PageBytes;

    /// <summary>Offset in the inbound area of the ring that cluster <paramref name="sender"/> writes.</summary>
    public static ulong RingOffset(uint sender) => (1ul + sender) * PageBytes;
}
