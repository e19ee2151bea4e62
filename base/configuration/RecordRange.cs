using System.Runtime.InteropServices;

namespace Skerry.Base.Configuration;

/// <summary>Consecutive records of one table.</summary>
[StructLayout(LayoutKind.Explicit, Size = 8)]
public struct RecordRange
{
    /// <summary>Index of the first.</summary>
    [FieldOffset(0)]
    public uint First;

    [FieldOffset(4)]
    public uint Count;
}
