using System.Globalization;
using System.Linq;
using Skerry.Qemu.Machines;
using Skerry.Qemu.Topologies;
using Xunit;

namespace Skerry.Tests.Boot;

/// <summary>
/// Who writes to the console without end waits for himself: core and vcores on two clusters of two CPUs, with counted
/// instructions. All CPUs count together, so one beside a flood is compared with one beside a neighbour that only runs.
/// </summary>
[Collection(QemuCollection.Name)]
public sealed class S04LogFloodTests
{
    /// <summary>Cluster and CPU of the one that measures, then of the other.</summary>
    [Theory]
    [InlineData(false, 0, 0, 1, 0)]
    [InlineData(false, 1, 0, 1, 1)]
    [InlineData(true, 0, 0, 1, 0)]
    [InlineData(true, 0, 0, 0, 1)]
    public void AFloodCostsTheFlooder(bool inVcores, int cluster, int cpu, int itsCluster, int itsCpu)
    {
        ulong beside = Ticks("spin");
        ulong flooded = Ticks("flood");
        // Of its own CPU's time the thread that prints takes a tenth.
        Assert.InRange(flooded, 0ul, beside * 3 / 2);

        ulong Ticks(string word)
        {
            string quiet = Child("quiet", "measure", essential: true);
            string loud = Child("loud", word, essential: false);
            string json = inVcores
                ? $$"""{ "vcores": [{{Vcore("west", quiet, 2 * cluster + cpu)}}, {{Vcore("east", loud, 2 * itsCluster + itsCpu)}}] }"""
                : $$"""{ "children": [{{Placed(quiet, cluster, cpu)}}, {{Placed(loud, itsCluster, itsCpu)}}] }""";
            string name = $"flood-{(inVcores ? "vcores" : "core")}-{cluster}{cpu}{itsCluster}{itsCpu}-{word}";
            MachineResult result = SystemFile.Run(
                "2x2",
                ClusterMode.Node,
                name,
                json,
                accelerator: Accelerator.InstructionCount
            );
            result.Require(ExitStatus.Success);
            RecordLine rounds = result.RecordsOf("test").Single(record => record.Word(0) == "rounds");
            return ulong.Parse(rounds.Word(2), CultureInfo.InvariantCulture);
        }
    }

    private static string Child(string name, string word, bool essential) =>
        $$"""
            "name": "{{name}}", "binary": "unruly", "arguments": "{{word}}", "ram": "1M", "capabilities": 100,
            "essential": {{(essential ? "true" : "false")}}
            """;

    private static string Placed(string child, int cluster, int cpu) =>
        $$"""{ {{child}}, "cluster": {{cluster}}, "affinity": { "x": {{cpu}} } }""";

    private static string Vcore(string name, string child, int cpu) =>
        $$"""
            {
              "name": "{{name}}",
              "cpus": { "cpus": [{{cpu}}] },
              "memory": [{ "node": "local", "size": "5M" }],
              "children": [{ {{child}} }]
            }
            """;
}
