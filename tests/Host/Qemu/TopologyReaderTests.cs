using System.Collections.Generic;
using System.Linq;
using System.Text;
using Skerry.Qemu.Source;
using Skerry.Qemu.Topologies;
using Xunit;

namespace Skerry.Tests.Host.Qemu;

/// <summary>Topology files: what they say is read, what is wrong in them is refused with its line.</summary>
public sealed class TopologyReaderTests
{
    [Fact]
    public void ReadsNodesAndDefaults()
    {
        Topology topology = Read(
            """
            {
              "nodes": [
                { "memory": "128M", "cpus": 4 },
                { "memory": 67108864, "cpus": 2 }
              ],
              "threadsPerL2": 2
            }
            """
        );
        Assert.Equal("machine", topology.Name);
        Assert.Equal([128 * ByteSize.Mebi, 64 * ByteSize.Mebi], topology.Nodes.Select(node => node.Memory));
        Assert.Equal([10u, 20u], topology.Distances[0]);
        Assert.Equal([20u, 10u], topology.Distances[1]);
        Assert.Equal(Topology.DefaultCpuModel, topology.CpuModel);
        Assert.Equal([0, 0, 0, 0, 1, 1], topology.Cpus.Select(cpu => cpu.Node));
    }

    [Fact]
    public void AllowsCommentsTrailingCommasAndAByteOrderMark()
    {
        byte[] text = [.. Encoding.UTF8.Preamble, .. """{ "nodes": [{ "memory": "2M", "cpus": 1, },], /* end */ }"""u8];
        var diagnostics = new Diagnostics("machine.json");
        Topology topology = TopologyReader.Read(SourceParser.Parse(text, diagnostics), diagnostics);
        Assert.Single(topology.Cpus);
    }

    [Theory]
    [InlineData("""[]""", "machine.json(1): a topology must be an object, not a list")]
    [InlineData("""{}""", "machine.json(1): a topology needs \"nodes\"")]
    [InlineData("{\n \"nodes\": 3\n}", "machine.json(2): \"nodes\" must be a list, not the number 3")]
    [InlineData("{\n \"nodes\": []\n}", "machine.json(2): no node has a CPU")]
    [InlineData("{\n\"nodes\": [{\"memory\": \"8M\",\n\"cpus\": 0}]}", "machine.json(2): no node has a CPU")]
    [InlineData("{\n\"nodes\": [{\"memory\": 0,\n\"cpus\": 1}]}", "machine.json(2): no node has memory")]
    [InlineData(
        "{\"nodes\": [\n{\"memory\": \"8M\", \"cpus\": 1},\n{\"memory\": 0, \"cpus\": 0}]}",
        "machine.json(3): a node needs memory or CPUs"
    )]
    [InlineData(
        "{\"nodes\": [\n{\"memory\": \"1M\", \"cpus\": 1}]}",
        "machine.json(2): \"memory\" must be 0 or whole MiB, at least 2M"
    )]
    [InlineData(
        "{\"nodes\": [\n{\"memory\": \"lots\", \"cpus\": 1}]}",
        "machine.json(2): \"memory\" must be an amount of memory such as \"128M\", not the text \"lots\""
    )]
    [InlineData(
        "{\"nodes\": [\n{\"memory\": \"8M\",\n \"cpus\": -1}]}",
        "machine.json(3): \"cpus\" must be a number from 0 to 1024, not -1"
    )]
    [InlineData(
        "{\"nodes\": [\n{\"memory\": \"8M\",\n \"cpus\": 1.5}]}",
        "machine.json(3): \"cpus\" must be a number from 0 to 1024, not 1.5"
    )]
    [InlineData(
        "{\"nodes\": [{\"memory\": \"8M\",\n \"cpus\": 1,\n \"cpu\": 1}]}",
        "machine.json(3): a node has no \"cpu\""
    )]
    [InlineData(
        "{\"nodes\": [{\"memory\": \"8M\",\n \"cpus\": 1,\n \"cpus\": 1}]}",
        "machine.json(3): \"cpus\" is given twice"
    )]
    [InlineData(
        "{\"threadsPerL2\": 2,\n\"nodes\": [{\"memory\": \"8M\", \"cpus\": 3}]}",
        "machine.json(2): 3 CPUs cannot share L2 caches by 2"
    )]
    [InlineData(
        "{\"nodes\": [{\"memory\": \"8M\", \"cpus\": 1}],\n\"cpuModel\": \"a b\"}",
        "machine.json(2): \"cpuModel\" must be what QEMU's -cpu takes, without spaces"
    )]
    [InlineData(
        "{\"nodes\": [{\"memory\": \"8M\", \"cpus\": 1}],\n\"cpuModel\": \"help\"}",
        "machine.json(2): \"cpuModel\" must be a processor; with \"help\" QEMU lists those that it knows"
    )]
    [InlineData(
        "{\"nodes\": [{\"memory\": \"8M\", \"cpus\": 1}],\n\"cpuModel\": \"?\"}",
        "machine.json(2): \"cpuModel\" must be a processor; with \"?\" QEMU lists those that it knows"
    )]
    [InlineData(
        "{\"nodes\": [{\"memory\": \"8M\", \"cpus\": 1}],\n\"distances\": [[11]]}",
        "machine.json(2): the distance of node 0 to itself must be 10"
    )]
    [InlineData(
        "{\"nodes\": [{\"memory\": \"8M\", \"cpus\": 1}],\n\"distances\": [[10], [10]]}",
        "machine.json(2): \"distances\" must be a list of 1 rows, one for each node"
    )]
    [InlineData(
        "{\"nodes\": [{\"memory\": \"8M\", \"cpus\": 1}],\n\"distances\": [\n[10, 20]]}",
        "machine.json(3): a row of \"distances\" must have 1 numbers, one for each node"
    )]
    [InlineData(
        "{\"nodes\": [{\"memory\": \"8M\", \"cpus\": 1}, {\"memory\": \"8M\", \"cpus\": 1}],\n\"distances\": [[10, 20],\n[255, 10]]}",
        "machine.json(3): the distance from node 1 to node 0 must be 11 to 254, not 255"
    )]
    [InlineData(
        "{\"nodes\": [{\"memory\": \"8M\", \"cpus\": 1}, {\"memory\": \"8M\", \"cpus\": 1}],\n\"numaTables\": false}",
        "machine.json(2): a machine without NUMA tables has one node and no \"hmat\""
    )]
    [InlineData(
        "{\"nodes\": [{\"memory\": \"8M\", \"cpus\": 1}, {\"memory\": \"8M\", \"cpus\": 0}],\n\"hmat\": {\"latency\": [[1,2],\n[3,0]], \"bandwidth\": [[1,1],[0,0]]}}",
        "machine.json(3): \"latency\" from 1 to 0: node 1 has no CPU"
    )]
    [InlineData(
        "{\n\"nodes\": [{\"memory\": \"8M\", \"cpus\": 1024}, {\"memory\": \"8M\", \"cpus\": 1}]}",
        "machine.json(2): 1025 CPUs are more than 1024"
    )]
    [InlineData("{\"nodes\": [\n{]", "machine.json(2): not valid JSON")]
    [InlineData("", "machine.json(1): not valid JSON")]
    public void RefusesWithLine(string text, string message)
    {
        var exception = Assert.Throws<BadInputException>(() => Read(text));
        Assert.Contains(exception.Diagnostics, diagnostic => TestFiles.Short(diagnostic).StartsWith(message));
    }

    [Theory]
    [InlineData("\"\"", "\"name\" must have a sign, and none that controls a terminal")]
    [InlineData("\"a\\u001b[2J\"", "\"name\" must have a sign, and none that controls a terminal")]
    [InlineData("\"a\\nb\"", "\"name\" must have a sign, and none that controls a terminal")]
    [InlineData(
        "\"12345678901234567890123456789012345678901234567890123456789012345\"",
        "\"name\" has 65 signs, more than 64"
    )]
    public void ANameCanBePrintedAndBeAFiles(string name, string reason) =>
        Assert.Equal(reason, Assert.Single(Refused($"{{\"name\": {name}, \"nodes\": [{Node}]}}")).Reason);

    [Theory]
    [InlineData("{\"nodes\": [NODE, {\"memory\": \"8E\", \"cpus\": 1}]}")]
    [InlineData("{\"nodes\": [NODE, {\"memory\": 9223372036854775808, \"cpus\": 1}]}")]
    [InlineData(
        "{\"nodes\": [NODE, {\"memory\": \"8388608T\", \"cpus\": 1}, {\"memory\": \"8388608T\", \"cpus\": 1}]}"
    )]
    public void NoAmountIsTooLargeToCount(string text) =>
        Assert.All(
            Refused(text.Replace("NODE", Node)),
            diagnostic => Assert.StartsWith("\"memory\" must be an amount of memory ", diagnostic.Reason)
        );

    [Fact]
    public void TheSumOfNodesHasAnAddress()
    {
        const string large = "{\"memory\": \"4096T\", \"cpus\": 1}";
        Diagnostic refused = Assert.Single(Refused($"{{\"nodes\": [{large}, {large}]}}"));
        Assert.Equal("8192T of memory are more than 4096T", refused.Reason);
        Assert.Equal(1ul << 52, Read($"{{\"nodes\": [{large}]}}").TotalMemory);
    }

    /// <summary>What stands in for a value that was refused is no mistake of the file's.</summary>
    [Theory]
    [InlineData("{\"nodes\": [{\"memory\": \"8M\", \"cpus\": 1.5}]}")]
    [InlineData("{\"nodes\": [{\"memory\": \"8M\"}]}")]
    [InlineData("{\"nodes\": [{\"memory\": \"lots\", \"cpus\": 1}]}")]
    [InlineData("{\"nodes\": [{\"memory\": \"lots\", \"cpus\": 0}, NODE]}")]
    [InlineData("{\"nodes\": [{\"cpus\": 1}]}")]
    [InlineData("{\"nodes\": 5}")]
    [InlineData("{\"nodes\": [NODE], \"name\": 5}")]
    [InlineData("{\"nodes\": [NODE], \"cpuModel\": 5}")]
    [InlineData(
        "{\"nodes\": [NODE, {\"memory\": \"8M\", \"cpus\": 1.5}], \"hmat\": {\"latency\": [[1, 2], [2, 1]], \"bandwidth\": [[1, 2], [2, 1]]}}"
    )]
    public void OneMistakeIsOneError(string text) => Assert.Single(Refused(text.Replace("NODE", Node)));

    private const string Node = "{\"memory\": \"8M\", \"cpus\": 1}";

    private static IReadOnlyList<Diagnostic> Refused(string text) =>
        Assert.Throws<BadInputException>(() => Read(text)).Diagnostics;

    [Fact]
    public void NamesEveryErrorOfAFile()
    {
        const string text = "{\n\"nodes\": [\n{\"cpus\": 1},\n{\"memory\": \"8M\"}],\n\"nmae\": \"\"}";
        var exception = Assert.Throws<BadInputException>(() => Read(text));
        Assert.Equal(
            [3, 4, 5],
            exception.Diagnostics.Select(diagnostic => diagnostic.Position.Line).Where(line => line > 2)
        );
    }

    [Fact]
    public void RefusesTextThatIsNotUtf8()
    {
        byte[] text = [.. "{\n\"name\": \""u8, 0xff, 0xfe, .. "\"}"u8];
        var exception = Assert.Throws<BadInputException>(() =>
            SourceParser.Parse(text, new Diagnostics("machine.json"))
        );
        Assert.StartsWith("machine.json(2,9): error SK0001: not valid JSON", exception.Message);
    }

    private static Topology Read(string text) => TestFiles.Topology(text);
}
