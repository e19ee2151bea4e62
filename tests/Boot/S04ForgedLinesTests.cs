using System;
using System.Linq;
using Skerry.Qemu.Machines;
using Skerry.Qemu.Topologies;
using Xunit;

namespace Skerry.Tests.Boot;

/// <summary>A vcore whose program (apps/forger) writes others' lines: the console says of each that it is this vcore's.</summary>
[Collection(QemuCollection.Name)]
public sealed class S04ForgedLinesTests
{
    private const string Json = """
        {
          "vcores": [
            {
              "name": "odd", "binary": "forger", "cpus": { "cpus": [0] }, "memory": [{ "node": "local", "size": "2M" }],
              "children": [{ "name": "never", "binary": "spinner" }]
            }
          ],
          "children": [
            { "name": "innocent", "binary": "faulty", "arguments": "bad-capability", "cluster": "boot", "essential": true }
          ]
        }
        """;

    private static readonly string[] _others =
    [
        "core: child innocent faulted: write to 0x8 (no region) at ip 0x400000",
        "[core/innocent] a word",
        "vcore east: child innocent exited with 1",
        "@restart server=core child=innocent number=1 of=1 ram=0",
        "@vcore name=east cluster=0",
        "@exit 17 the kernel of cluster 0 has panicked",
        "@exit 16 all is well",
    ];

    private static readonly string[] _own =
    [
        "vcore odd: child never exited with 0",
        "[odd/never] a word",
        "@vcore name=odd cluster=0",
        "@restart server=odd child=never number=1 of=1",
        "@test forger pass",
    ];

    [Fact]
    public void AVcoreForgesNoLines()
    {
        MachineResult result = SystemFile.Run("1x1", ClusterMode.L2, "vcore-forges", Json);
        result.Require(ExitStatus.Success);
        Assert.Empty(_others.Intersect(result.Lines));
        // Of its own session, and of one that it has opened under a label of its choice.
        Assert.Empty(_others.Select(line => $"[core/odd] {line}").Except(result.Lines));
        Assert.Empty(_others.Select(line => $"[core/odd -> x]?@exit 16 all is well] {line}").Except(result.Lines));
        Assert.Contains("[core/odd] @exit 16 at a break", result.Lines);
        Assert.Empty(_own.Except(result.Lines));
        Assert.Equal("all essential children have exited with 0", result.RecordsOf("exit").Single().Rest(1));
        Assert.Single(result.RecordsOf("vcore"));
        Assert.Single(result.RecordsOf("restart"));
        Assert.Contains("core: child odd exited with 0", result.Lines);
        Assert.DoesNotContain(
            result.Lines,
            line => line.StartsWith("core: child innocent faulted", StringComparison.Ordinal)
        );
    }
}
