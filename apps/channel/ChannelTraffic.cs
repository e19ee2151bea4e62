using Skerry.Base.Channels;

namespace Skerry.Apps.Channel;

/// <summary>What the two ends of the demonstration agree on: how many messages, of which content.</summary>
internal static class ChannelTraffic
{
    /// <summary>Round trips while both ends poll, and afterwards while both sleep.</summary>
    public const ulong PolledMessages = 2000;
    public const ulong SleepingMessages = 200;

    private const ulong Spread = 0x9e37_79b9_7f4a_7c15;

    /// <summary>The tag of a message and that of its answer.</summary>
    public const ushort Question = 1;
    public const ushort Answer = 2;

    /// <summary>Message <paramref name="number"/>: no two have a word in common at the same place.</summary>
    public static void Fill(ref ChannelWords words, ulong number, ushort tag)
    {
        for (int i = 0; i < ChannelWords.Count; i++)
        {
            words[i] = (number + (ulong)(uint)i * Spread) ^ ((ulong)tag << 56);
        }
    }

    public static bool IsRight(in ChannelWords words, ulong number, ushort tag, ushort expected)
    {
        ChannelWords right = default;
        Fill(ref right, number, expected);
        bool isRight = tag == expected;
        for (int i = 0; i < ChannelWords.Count; i++)
        {
            isRight &= words[i] == right[i];
        }
        return isRight;
    }
}
