using System.Runtime.InteropServices;

namespace Skerry.Base.Configuration;

/// <summary>One component, child of core or of a vcore.</summary>
[StructLayout(LayoutKind.Explicit, Size = 96)]
public struct ChildRecord
{
    /// <summary>In <see cref="Owner"/>: a child of core.</summary>
    public const uint OwnedByCore = 0xffff_ffff;

    /// <summary>In <see cref="Cluster"/>: the cluster of the boot CPU.</summary>
    public const uint BootCluster = 0xffff_fffe;

    /// <summary>In <see cref="Cluster"/>: the cluster that holds the CPU at the child's place in its vcore's space.</summary>
    public const uint ClusterFromAffinity = 0xffff_ffff;

    [FieldOffset(0)]
    public StringReference Name;

    /// <summary>Name of the program in the boot archive, without ".elf".</summary>
    [FieldOffset(8)]
    public StringReference Binary;

    [FieldOffset(16)]
    public StringReference Arguments;

    /// <summary>In bytes.</summary>
    [FieldOffset(24)]
    public ulong RamQuota;

    [FieldOffset(32)]
    public uint CapabilityQuota;

    /// <summary>0 is the lowest.</summary>
    [FieldOffset(36)]
    public uint Priority;

    /// <summary>Index of the vcore that starts it, or <see cref="OwnedByCore"/>.</summary>
    [FieldOffset(40)]
    public uint Owner;

    /// <summary>A cluster's number, <see cref="BootCluster"/> or, in a vcore, <see cref="ClusterFromAffinity"/>.</summary>
    [FieldOffset(44)]
    public uint Cluster;

    /// <summary>First CPU of the child's affinity space, counted in the parent's space.</summary>
    [FieldOffset(48)]
    public uint AffinityX;

    /// <summary>CPUs of the child's affinity space, at least 1.</summary>
    [FieldOffset(52)]
    public uint AffinityWidth;

    [FieldOffset(56)]
    public ExitPolicy ExitPolicy;

    [FieldOffset(60)]
    public ChildFlags Flags;

    /// <summary>Within how many milliseconds the child must answer a heartbeat; 0 for none.</summary>
    [FieldOffset(64)]
    public uint HeartbeatMilliseconds;

    /// <summary>What it is started again after, as long as <see cref="Restarts"/> are left.</summary>
    [FieldOffset(68)]
    public RestartCause RestartCause;

    /// <summary>Services that the child provides.</summary>
    [FieldOffset(72)]
    public RecordRange Services;

    /// <summary>In the order in which they are tried.</summary>
    [FieldOffset(80)]
    public RecordRange Routes;

    /// <summary>How often it is started again; 0 for never.</summary>
    [FieldOffset(88)]
    public uint Restarts;

    [FieldOffset(92)]
    public uint Reserved;
}
