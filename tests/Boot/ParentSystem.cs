using Skerry.Qemu.Machines;
using Skerry.Qemu.Topologies;

namespace Skerry.Tests.Boot;

/// <summary>The same children under core and under a vcore, on cluster 1 of 4x4: HOME stands where core's need their place.</summary>
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

    public static MachineResult Run(bool isInVcore, string name, string children)
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
                }
                """
            : $$"""{ "children": [{{children.Replace("HOME", ", \"cluster\": 1")}}] }""";
        string place = isInVcore ? "vcore" : "core";
        return SystemFile.Run("4x4", ClusterMode.L2, $"{place}-{name}", json);
    }
}
