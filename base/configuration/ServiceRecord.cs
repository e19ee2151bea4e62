using System.Runtime.InteropServices;

namespace Skerry.Base.Configuration;

/// <summary>A service that a child provides.</summary>
[StructLayout(LayoutKind.Explicit, Size = 8)]
public struct ServiceRecord
{
    [FieldOffset(0)]
    public StringReference Name;
}
