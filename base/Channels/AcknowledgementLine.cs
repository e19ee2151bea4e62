using System.Runtime.InteropServices;

namespace Skerry.Base.Channels;

/// <summary>How many messages the other side has read; alone on its line, written only by the other side.</summary>
[StructLayout(LayoutKind.Explicit, Size = ChannelLayout.LineBytes)]
public struct AcknowledgementLine
{
    [FieldOffset(0)]
    public uint Received;
}
