using System.Runtime.InteropServices;

namespace Skerry.Base.Configuration;

/// <summary>Memory that a vcore claims from core.</summary>
[StructLayout(LayoutKind.Explicit, Size = 24)]
public struct MemoryRecord
{
    [FieldOffset(0)]
    public MemorySelection Selection;

    /// <summary>The node, if <see cref="Selection"/> says so.</summary>
    [FieldOffset(4)]
    public uint Node;

    /// <summary>Physical address of the range, if <see cref="Selection"/> says so; page aligned.</summary>
    [FieldOffset(8)]
    public ulong Start;

    /// <summary>In bytes, a multiple of the page size, not 0.</summary>
    [FieldOffset(16)]
    public ulong Size;
}
