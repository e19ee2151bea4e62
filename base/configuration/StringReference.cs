using System.Runtime.InteropServices;

namespace Skerry.Base.Configuration;

/// <summary>UTF-8 text in the string table. Not terminated.</summary>
[StructLayout(LayoutKind.Explicit, Size = 8)]
public struct StringReference
{
    /// <summary>In bytes, from the start of the string table.</summary>
    [FieldOffset(0)]
    public uint Offset;

    /// <summary>In bytes.</summary>
    [FieldOffset(4)]
    public uint Length;
}
