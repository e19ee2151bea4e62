using System.Linq;
using Skerry.Qemu.Machines;
using Skerry.Qemu.Topologies;
using Xunit;

namespace Skerry.Tests.Boot;

/// <summary>The kernel of one cluster panics. The system ends all the same, and says which cluster was lost.</summary>
[Collection(QemuCollection.Name)]
public sealed class S04LostClusterTests
{
    private const string InTheBootCluster = """
        {
          "children": [
            { "name": "reader", "binary": "rom-reader", "arguments": "system.bin", "cluster": 0, "essential": true }
          ]
        }
        """;

    private const string InTheLostCluster = """
        {
          "children": [
            { "name": "reader", "binary": "rom-reader", "arguments": "system.bin", "cluster": 1, "essential": true }
          ]
        }
        """;

    /// <summary>The others go on to their end, and the table is printed; only then is it said.</summary>
    [Theory]
    [InlineData("gp")]
    [InlineData("check")]
    [InlineData("doublefault")]
    public void OneThatNobodyNeedsIsSaidAtTheEnd(string fault)
    {
        MachineResult result = Run("lost-unneeded", InTheBootCluster, fault);
        Assert.Contains("core: child reader exited with 0", result.Lines);
        Assert.Contains("cluster 0, as configured: core (reader)", result.Lines);
    }

    /// <summary>Who waits for its children would wait for ever.</summary>
    [Fact]
    public void OneThatRunsSomethingEndsTheSystem() => Run("lost-needed", InTheLostCluster, "gp");

    private static MachineResult Run(string name, string json, string fault)
    {
        MachineResult result = SystemFile
            .Run("2x2", ClusterMode.Node, name, json, $"test=1:{fault}")
            .Require(ExitStatus.KernelPanic);
        Assert.Equal(
            "@exit 17 cluster 1 was lost: its kernel has panicked",
            result.Lines.Single(line => line.StartsWith("@exit"))
        );
        // The kernel's report is there to its last line.
        Assert.Contains("cluster 1 stands still", result.Lines);
        return result;
    }
}
