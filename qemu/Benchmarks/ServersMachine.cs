using System.Collections.Generic;
using Skerry.Qemu.Topologies;

namespace Skerry.Qemu.Benchmarks;

/// <summary>A machine, and whose child the measured component is there.</summary>
/// <param name="Name">As it stands in results and records.</param>
/// <param name="Topology">A name among qemu/topology-files.</param>
/// <param name="Mode">The clustering.</param>
/// <param name="Parent">"core" or "vcore".</param>
/// <param name="Systems">The systems that are booted there, one after the other: files of qemu/suites.</param>
public sealed record ServersMachine(
    string Name,
    string Topology,
    ClusterMode Mode,
    string Parent,
    IReadOnlyList<string> Systems
)
{
    private static readonly string[] _ofCore = ["servers-core", "servers-start-core"];
    private static readonly string[] _ofVcore = ["servers-vcore", "servers-start-vcore", "servers-channel"];

    /// <summary>The smallest machine, and one cluster of four CPUs.</summary>
    public static IReadOnlyList<ServersMachine> All { get; } =
    [
        new("1x1-core", "1x1", ClusterMode.L2, "core", _ofCore),
        new("1x1-vcore", "1x1", ClusterMode.L2, "vcore", _ofVcore),
        new("2x2-machine-core", "2x2", ClusterMode.Machine, "core", _ofCore),
        new("2x2-machine-vcore", "2x2", ClusterMode.Machine, "vcore", _ofVcore),
    ];
}
