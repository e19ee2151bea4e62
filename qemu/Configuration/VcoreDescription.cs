using System.Collections.Generic;
using Skerry.Base.Configuration;
using Skerry.Qemu.Source;

namespace Skerry.Qemu.Configuration;

/// <summary>One vcore of a configuration file.</summary>
public sealed class VcoreDescription
{
    public required string Name { get; init; }

    public required string Binary { get; init; }

    public required SourcePosition BinaryPosition { get; init; }

    public required CpuSelection CpuSelection { get; init; }

    public required IReadOnlyList<uint> CpuIdentifiers { get; init; }

    public required SourcePosition CpusPosition { get; init; }

    public required IReadOnlyList<MemoryDescription> Memory { get; init; }

    public required uint CapabilityQuota { get; init; }

    public required uint Priority { get; init; }

    public required IReadOnlyList<ChildDescription> Children { get; init; }

    public required IReadOnlyList<RouteDescription> Routes { get; init; }

    public required SourcePosition Position { get; init; }
}
