using System.Runtime.InteropServices;

namespace Skerry.Base.Channels;

/// <summary>
/// One cache line of a ring: what moves between two clusters for one message.
/// </summary>
/// <remarks>
/// <code>
///   0                                                  56        64
///   +-------+-------+-------+-------+-------+-------+-------+--------+
///   | word0 | word1 | word2 | word3 | word4 | word5 | word6 | header |
///   +-------+-------+-------+-------+-------+-------+-------+--------+
/// </code>
/// </remarks>
[StructLayout(LayoutKind.Explicit, Size = ChannelLayout.LineBytes)]
public struct ChannelSlot
{
    /// <summary>Of a <see cref="SlotHeader"/>, whose place in the line it fixes.</summary>
    public const int HeaderOffset = 56;

    [FieldOffset(0)]
    public ChannelWords Words;

    /// <summary>Written last and read first.</summary>
    [FieldOffset(HeaderOffset)]
    public ulong Header;
}
