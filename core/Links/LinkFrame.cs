using System;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Skerry.Base.Channels;

namespace Skerry.Core.Links;

/// <summary>
/// How a message between instances of core is cut into slots.
/// </summary>
/// <remarks>
/// <code>
///   first slot      length in bytes | 48 bytes         tag: kind &lt;&lt; 12 | slots that follow
///   further slots   56 bytes each                      tag: Continuation &lt;&lt; 12 | slots that follow
/// </code>
/// </remarks>
public static class LinkFrame
{
    /// <summary>The longest message, bytes: the longest line that LogSessionServer makes, its label included, fits.</summary>
    public const int MaximumPayload = 640;

    public const int MaximumSlots = 1 + (MaximumPayload - FirstBytes + SlotBytes - 1) / SlotBytes;

    internal const int SlotBytes = ChannelWords.Count * sizeof(ulong);
    internal const int FirstBytes = SlotBytes - sizeof(ulong);
    private const int KindShift = 12;
    private const int RemainingMask = 0xfff;

    /// <summary>Slots of a message with so many bytes.</summary>
    public static int SlotsFor(int bytes) =>
        bytes <= FirstBytes ? 1 : 1 + (bytes - FirstBytes + SlotBytes - 1) / SlotBytes;

    internal static ushort Tag(LinkMessageKind kind, int remaining) => (ushort)(((int)kind << KindShift) | remaining);

    internal static LinkMessageKind KindOf(ushort tag) => (LinkMessageKind)(tag >> KindShift);

    internal static int RemainingOf(ushort tag) => tag & RemainingMask;

    /// <summary>Slot <paramref name="index"/> of a message.</summary>
    internal static void Fill(ReadOnlySpan<byte> payload, int index, out ChannelWords words)
    {
        words = default;
        Span<byte> content = MemoryMarshal.CreateSpan(ref Unsafe.As<ulong, byte>(ref words[0]), SlotBytes);
        int first = 0;
        if (index == 0)
        {
            words[0] = (ulong)payload.Length;
            content = content.Slice(sizeof(ulong));
        }
        else
        {
            first = FirstBytes + (index - 1) * SlotBytes;
        }
        int rest = payload.Length - first;
        payload.Slice(first, rest < content.Length ? rest : content.Length).CopyTo(content);
    }
}
