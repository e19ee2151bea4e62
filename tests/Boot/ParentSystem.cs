using System;
using Skerry.Qemu.Machines;
using Skerry.Qemu.Topologies;

namespace Skerry.Tests.Boot;

/// <summary>
/// The same children under core and under a vcore, on cluster 1 of 4x4 or of a smaller machine: HOME stands where core's need
/// their place.
/// </summary>
internal static class ParentSystem
{
    /// <summary>Two that call each other on one CPU; to be put for CPU.</summary>
    public const string Ping = """
        { "name": "server", "binary": "ping-server", "affinity": { "x": CPU }, "provides": ["Ping"] HOME },
        {
          "name": "client",
          "binary": "ping-client",
          "affinity": { "x": CPU },
          "essential": true,
          "routes": [{ "service": "Ping", "to": "child:server" }, { "to": "parent" }]
          HOME
        }
        """;

    /// <param name="isInVcore">Whether a vcore is the children's parent, or core.</param>
    /// <param name="name">Of the configuration, for its file.</param>
    /// <param name="children">Separated by commas.</param>
    /// <param name="more">What else the system has, with a comma in front.</param>
    /// <param name="limit">Until when it must have ended; null for as long as most tests wait.</param>
    /// <param name="isSmall">Two clusters of two CPUs are enough.</param>
    public static MachineResult Run(
        bool isInVcore,
        string name,
        string children,
        string more = "",
        TimeSpan? limit = null,
        bool isSmall = false
    )
    {
        string json = isInVcore
            ? $$"""
                {
                  "vcores": [
                    {
                      "name": "west",
                      "cpus": { "clusters": [1] },
                      "memory": [{ "node": "local", "size": "20M" }],
                      "capabilities": 4000,
                      "children": [{{children.Replace("HOME", "")}}]
                    }
                  ]
                  {{more}}
                }
                """
            : $$"""{ "children": [{{children.Replace("HOME", ", \"cluster\": 1")}}] {{more}} }""";
        string place = isInVcore ? "vcore" : "core";
        (string topology, ClusterMode mode) = isSmall ? ("2x2", ClusterMode.Node) : ("4x4", ClusterMode.L2);
        return SystemFile.Run(topology, mode, $"{place}-{name}", json, limit: limit);
    }
}
