using Skerry.Abi;
using Skerry.Base.Rpc;

namespace Skerry.Base.Channels;

/// <summary>
/// How an RPC message is cut into slots.
/// </summary>
/// <remarks>
/// <code>
///   first slot      label | object | call, length &lt;&lt; 32 | words 0 to 3      tag: kind &lt;&lt; 12 | slots that follow
///   further slots   seven words each                                     tag: Continuation &lt;&lt; 12 | slots that follow
/// </code>
/// object: which of the receiver's objects is called, in place of the badge. call: chosen by the caller, repeated by the
/// reply.
/// </remarks>
public static class RpcFrame
{
    /// <summary>Slots of a message of <see cref="MessageLimits.MaximumWords"/>.</summary>
    public const int MaximumSlots =
        1 + (MessageLimits.MaximumWords - FirstWords + ChannelWords.Count - 1) / ChannelWords.Count;

    internal const int FirstWords = 4;
    internal const int HeadWords = 3;
    private const int KindShift = 12;
    private const int RemainingMask = 0xfff;
    private const int LengthShift = 32;

    /// <summary>Slots of a message with so many words.</summary>
    public static int SlotsFor(int length) =>
        length <= FirstWords ? 1 : 1 + (length - FirstWords + ChannelWords.Count - 1) / ChannelWords.Count;

    internal static ushort Tag(RpcFrameKind kind, int remaining) => (ushort)(((int)kind << KindShift) | remaining);

    internal static RpcFrameKind KindOf(ushort tag) => (RpcFrameKind)(tag >> KindShift);

    internal static int RemainingOf(ushort tag) => tag & RemainingMask;

    /// <summary>Slot <paramref name="index"/> of a message.</summary>
    internal static void Fill(ref RpcMessage message, uint call, int index, out ChannelWords words)
    {
        words = default;
        int place = 0;
        int first = FirstWords + (index - 1) * ChannelWords.Count;
        if (index == 0)
        {
            words[0] = message.Label.Value;
            words[1] = message.Badge;
            words[2] = call | ((ulong)(uint)message.Length << LengthShift);
            place = HeadWords;
            first = 0;
        }
        for (; place < ChannelWords.Count && first < message.Length; place++, first++)
        {
            words[place] = message.Words[first];
        }
    }

    internal static uint CallOf(in ChannelWords words) => (uint)words[2];

    internal static uint LengthOf(in ChannelWords words) => (uint)(words[2] >> LengthShift);
}
