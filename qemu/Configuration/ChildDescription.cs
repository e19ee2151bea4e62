using System.Collections.Generic;
using Skerry.Base.Configuration;
using Skerry.Qemu.Source;

namespace Skerry.Qemu.Configuration;

/// <summary>One component of a configuration file.</summary>
public sealed class ChildDescription
{
    public required string Name { get; init; }

    public required string Binary { get; init; }

    public required SourcePosition BinaryPosition { get; init; }

    public required string Arguments { get; init; }

    /// <summary>In bytes.</summary>
    public required ulong RamQuota { get; init; }

    public required SourcePosition RamPosition { get; init; }

    public required uint CapabilityQuota { get; init; }

    public required SourcePosition CapabilityPosition { get; init; }

    public required uint Priority { get; init; }

    /// <summary>A number or one of <see cref="ChildRecord"/>'s special values.</summary>
    public required uint Cluster { get; init; }

    public required SourcePosition ClusterPosition { get; init; }

    public required uint AffinityX { get; init; }

    public required uint AffinityWidth { get; init; }

    public required SourcePosition AffinityPosition { get; init; }

    public required ExitPolicy ExitPolicy { get; init; }

    public required bool Essential { get; init; }

    public required bool MayTrace { get; init; }

    /// <summary>0 for none.</summary>
    public required uint HeartbeatMilliseconds { get; init; }

    /// <summary>How often it is started again; 0 for never.</summary>
    public required uint Restarts { get; init; }

    public required RestartCause RestartCause { get; init; }

    public required IReadOnlyList<string> Services { get; init; }

    public required IReadOnlyList<RouteDescription> Routes { get; init; }

    public required SourcePosition Position { get; init; }
}
