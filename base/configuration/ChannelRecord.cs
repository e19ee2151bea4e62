using System.Runtime.InteropServices;

namespace Skerry.Base.Configuration;

/// <summary>Two rings of messages, one each way, between two children.</summary>
[StructLayout(LayoutKind.Explicit, Size = 24)]
public struct ChannelRecord
{
    [FieldOffset(0)]
    public StringReference Name;

    /// <summary>Index of one child.</summary>
    [FieldOffset(8)]
    public uint First;

    /// <summary>Index of the other child.</summary>
    [FieldOffset(12)]
    public uint Second;

    /// <summary>Messages that each ring holds, a power of two.</summary>
    [FieldOffset(16)]
    public uint Slots;

    [FieldOffset(20)]
    public uint Reserved;
}
