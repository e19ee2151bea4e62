using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Skerry.Base.Channels;

/// <summary>
/// What a receiver with many peers looks at first.
/// </summary>
/// <remarks>
/// <code>
///   lines 0, 1   pending: bit s is set by peer s when its ring holds something new, cleared by the receiver
///   line 2       sleeping: written by the receiver alone, read by senders
/// </code>
/// </remarks>
[StructLayout(LayoutKind.Explicit, Size = 3 * ChannelLayout.LineBytes)]
public struct ReceiverControl
{
    /// <summary>Peers that the bitmap can tell apart.</summary>
    public const int MaximumPeers = PendingWords.Count * BitsPerWord;
    public const int BitsPerWord = 64;

    [FieldOffset(0)]
    public PendingWords Pending;

    /// <summary>1 from before the receiver's last look at the bitmap until it is awake again.</summary>
    [FieldOffset(2 * ChannelLayout.LineBytes)]
    public uint Sleeping;

    [InlineArray(Count)]
    public struct PendingWords
    {
        public const int Count = 16;
        private ulong _word;
    }
}
