using System.Runtime.CompilerServices;

namespace Skerry.Base.Channels;

/// <summary>The payload of one slot.</summary>
[InlineArray(Count)]
public struct ChannelWords
{
    public const int Count = 7;
    private ulong _word;
}
