using System.Runtime.InteropServices;

namespace Skerry.Base.Configuration;

/// <summary>One vcore. Given CPUs of several clusters, it runs as one instance in each of them.</summary>
[StructLayout(LayoutKind.Explicit, Size = 64)]
public struct VcoreRecord
{
    [FieldOffset(0)]
    public StringReference Name;

    /// <summary>Name of the program in the boot archive, without ".elf".</summary>
    [FieldOffset(8)]
    public StringReference Binary;

    /// <summary>What <see cref="CpuIdentifiers"/> names.</summary>
    [FieldOffset(16)]
    public CpuSelection CpuSelection;

    /// <summary>Capabilities that each instance may hold for itself and its children.</summary>
    [FieldOffset(20)]
    public uint CapabilityQuota;

    /// <summary>0 is the lowest.</summary>
    [FieldOffset(24)]
    public uint Priority;

    [FieldOffset(28)]
    public uint Reserved;

    /// <summary>A range of the identifiers' table.</summary>
    [FieldOffset(32)]
    public RecordRange CpuIdentifiers;

    [FieldOffset(40)]
    public RecordRange Memory;

    [FieldOffset(48)]
    public RecordRange Children;

    /// <summary>Routes that hold for every child whose own routes do not match.</summary>
    [FieldOffset(56)]
    public RecordRange Routes;
}
