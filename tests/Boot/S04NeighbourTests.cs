using System.Globalization;
using System.Linq;
using Skerry.Qemu.Machines;
using Skerry.Qemu.Topologies;
using Xunit;

namespace Skerry.Tests.Boot;

/// <summary>
/// What one costs that does the same thing without end, beside one that measures itself: core and vcores on two clusters of
/// two CPUs, with counted instructions. The counter counts those of all CPUs.
/// </summary>
[Collection(QemuCollection.Name)]
public sealed class S04NeighbourTests
{
    /// <summary>
    /// Who writes to the console waits for himself. A neighbour that only runs costs its own instructions, and a flood is to
    /// cost no more than half as much again: of its own CPU's time the thread that prints takes a tenth.
    /// </summary>
    [Theory]
    [InlineData(false, 0, 0, 1, 0)]
    [InlineData(false, 1, 0, 1, 1)]
    [InlineData(true, 0, 0, 1, 0)]
    [InlineData(true, 0, 0, 0, 1)]
    public void AFloodCostsTheFlooder(bool inVcores, int cluster, int cpu, int itsCluster, int itsCpu)
    {
        ulong beside = Ticks("spin");
        Assert.InRange(Ticks("flood"), 0ul, beside * 3 / 2);

        ulong Ticks(string word) =>
            TicksOf(
                inVcores,
                Child("quiet", "measure", true, cluster, cpu, inVcores),
                Child("loud", word, false, itsCluster, itsCpu, inVcores),
                $"{word}-{(inVcores ? "vcores" : "core")}-{cluster}{cpu}{itsCluster}{itsCpu}"
            );
    }

    /// <summary>
    /// A storm of faults in a vcore of the same cluster: both use one kernel and its lock. The other's own instructions are
    /// as many again, and half of what is left is for waiting.
    /// </summary>
    [Fact]
    public void AStormOfFaultsTakesItsOwnShareOnly()
    {
        ulong alone = Ticks("exit");
        Assert.InRange(Ticks("storm"), alone, alone * 3);

        ulong Ticks(string word) =>
            TicksOf(true, Child("quiet", "measure", true, 0, 0, true), Child("loud", word, false, 0, 1, true), word);
    }

    private static ulong TicksOf(bool inVcores, string quiet, string loud, string name)
    {
        string json = $$"""{ "{{(inVcores ? "vcores" : "children")}}": [{{quiet}}, {{loud}}] }""";
        const Accelerator counted = Accelerator.InstructionCount;
        MachineResult result = SystemFile.Run("2x2", ClusterMode.Node, "beside-" + name, json, accelerator: counted);
        result.Require(ExitStatus.Success);
        RecordLine rounds = result.RecordsOf("test").Single(record => record.Word(0) == "rounds");
        return ulong.Parse(rounds.Word(2), CultureInfo.InvariantCulture);
    }

    private static string Child(string name, string word, bool isEssential, int cluster, int cpu, bool inVcore)
    {
        string child = $$"""
            "name": "{{name}}", "binary": "unruly", "arguments": "{{word}}", "ram": "1M", "capabilities": 100,
            "essential": {{(isEssential ? "true" : "false")}}
            """;
        return inVcore
            ? $$"""
                {
                  "name": "of-{{name}}",
                  "cpus": { "cpus": [{{2 * cluster + cpu}}] },
                  "memory": [{ "node": "local", "size": "5M" }],
                  "children": [{ {{child}} }]
                }
                """
            : $$"""{ {{child}}, "cluster": {{cluster}}, "affinity": { "x": {{cpu}} } }""";
    }
}
