using System.Runtime.InteropServices;

namespace Skerry.Base.Configuration;

/// <summary>Where a table lies in the configuration.</summary>
[StructLayout(LayoutKind.Explicit, Size = 8)]
public struct TableReference
{
    /// <summary>In bytes, from the start of the header; a multiple of 8.</summary>
    [FieldOffset(0)]
    public uint Offset;

    /// <summary>Records in the table; for the string table, bytes.</summary>
    [FieldOffset(4)]
    public uint Count;
}
