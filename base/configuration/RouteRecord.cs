using System.Runtime.InteropServices;

namespace Skerry.Base.Configuration;

/// <summary>Where a session request of a child goes.</summary>
[StructLayout(LayoutKind.Explicit, Size = 32)]
public struct RouteRecord
{
    /// <summary>The service; empty for every service.</summary>
    [FieldOffset(0)]
    public StringReference Service;

    [FieldOffset(8)]
    public StringReference Label;

    [FieldOffset(16)]
    public LabelMatch LabelMatch;

    [FieldOffset(20)]
    public RouteTarget Target;

    /// <summary>Index of the child that serves, if <see cref="Target"/> says so.</summary>
    [FieldOffset(24)]
    public uint TargetChild;

    [FieldOffset(28)]
    public uint Reserved;
}
