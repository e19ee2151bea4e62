using System.Linq;
using Skerry.Base.Configuration;
using Skerry.Base.Sessions;
using Skerry.Qemu.Configuration;
using Skerry.Qemu.Source;
using Xunit;

namespace Skerry.Tests.Host.Qemu;

/// <summary>Configuration files: what they say is read, what is wrong in them is refused with its line.</summary>
public sealed class SystemReaderTests
{
    private const string Memory = "\"memory\": [{\"node\": 0, \"size\": \"1M\"}]";

    [Fact]
    public void ReadsEverythingAChildCanSay()
    {
        SystemDescription system = TestFiles.System(
            """
            {
              "timeout": 30, "verbose": true,
              "children": [
                { "name": "server", "binary": "s", "provides": ["Ping", "Log"], "restart": { "times": 5 } },
                { "name": "client", "binary": "c", "arguments": "a b", "ram": "8M", "capabilities": 7, "priority": 9,
                  "cluster": 3, "affinity": { "x": 1, "width": 2 }, "exit": "propagate", "essential": true, "trace": true,
                  "heartbeat": 500, "restart": { "times": 1000000, "on": "crash" },
                  "routes": [
                    { "service": "Ping", "labelPrefix": "x", "to": "child:server" },
                    { "to": "parent" }
                  ] }
              ]
            }
            """
        );
        Assert.Equal((30u, true), (system.TimeoutSeconds, system.Verbose));
        Assert.Equal(["Ping", "Log"], system.Children[0].Services);
        Assert.Equal((ChildRecord.BootCluster, 0u, 1u), Place(system.Children[0]));
        Assert.False(system.Children[0].MayTrace);
        ChildDescription client = system.Children[1];
        Assert.Equal((3u, 1u, 2u), Place(client));
        Assert.Equal(
            ("a b", 8 * ByteSize.Mebi, 7u, 9u),
            (client.Arguments, client.RamQuota, client.CapabilityQuota, client.Priority)
        );
        Assert.Equal(
            (ExitPolicy.Propagate, true, true, 500u),
            (client.ExitPolicy, client.Essential, client.MayTrace, client.HeartbeatMilliseconds)
        );
        Assert.Equal((5u, RestartCause.Failure), (system.Children[0].Restarts, system.Children[0].RestartCause));
        Assert.Equal((1_000_000u, RestartCause.Crash), (client.Restarts, client.RestartCause));
        Assert.Equal(
            new RouteDescription("Ping", LabelMatch.Prefix, "x", RouteTarget.Child, "server", new(9, 9)),
            client.Routes[0]
        );
        Assert.Equal(
            new RouteDescription("", LabelMatch.Any, "", RouteTarget.Parent, "", new(10, 9)),
            client.Routes[1]
        );
    }

    [Fact]
    public void ReadsTheKindsOfMemoryAndCpus()
    {
        SystemDescription system = TestFiles.System(
            """
            { "vcores": [
              { "name": "a", "cpus": { "clusters": [2, 1] },
                "memory": [{ "node": "local", "size": "1M" }, { "node": 3, "size": "4K" }] },
              { "name": "b", "cpus": { "nodes": [2] }, "memory": [{ "start": "0x10000000", "size": "2M" }] },
              { "name": "c", "cpus": { "cpus": [7] }, "memory": [{ "node": 0, "size": 8192 }], "binary": "other",
                "children": [{ "name": "d", "binary": "d", "essential": true }] }
            ] }
            """
        );
        Assert.Equal(
            [CpuSelection.Clusters, CpuSelection.Nodes, CpuSelection.Cpus],
            system.Vcores.Select(vcore => vcore.CpuSelection)
        );
        Assert.Equal(["vcore", "vcore", "other"], system.Vcores.Select(vcore => vcore.Binary));
        MemoryDescription[] memory = system.Vcores.SelectMany(vcore => vcore.Memory).ToArray();
        Assert.Equal(
            [MemorySelection.Local, MemorySelection.Node, MemorySelection.Range, MemorySelection.Node],
            memory.Select(entry => entry.Selection)
        );
        Assert.Equal(0x1000_0000u, memory[2].Start);
    }

    [Theory]
    [InlineData("{\n\"children\": [{\"name\": \"a\"}]}", "system.json(2): a child needs \"binary\"")]
    [InlineData("{\n\"children\": [{\"binary\": \"a\"}]}", "system.json(2): a child needs \"name\"")]
    [InlineData(
        "{\n\"children\": [{\"name\": \"a/b\", \"binary\": \"a\"}]}",
        "system.json(2): \"name\" must consist of letters, digits, '-', '_' and '.', not \"a/b\""
    )]
    [InlineData("{\n\"children\": [{\"name\": \"\", \"binary\": \"a\"}]}", "system.json(2): \"name\" must consist")]
    [InlineData(
        "{\n\"children\": [{\"name\": \"abcdefghijklmnopqrstuvwxyz012345\", \"binary\": \"a\"}]}",
        "system.json(2): \"name\" has 32 bytes, more than 31"
    )]
    [InlineData(
        "{\"children\": [{\"name\": \"a\", \"binary\": \"a\"},\n{\"name\": \"a\", \"binary\": \"b\"}]}",
        "system.json(2): a child or vcore is called \"a\" already"
    )]
    [InlineData(
        "{\"children\": [{\"name\": \"a\", \"binary\": \"a\",\n\"ram\": \"many\"}]}",
        "system.json(2): \"ram\" must be an amount of memory"
    )]
    [InlineData(
        "{\"children\": [{\"name\": \"a\", \"binary\": \"a\",\n\"priority\": 256}]}",
        "system.json(2): \"priority\" must be a number from 0 to 255, not 256"
    )]
    [InlineData(
        "{\"children\": [{\"name\": \"a\", \"binary\": \"a\",\n\"affinity\": {\"width\": 0}}]}",
        "system.json(2): \"width\" must be a number from 1"
    )]
    [InlineData(
        "{\"children\": [{\"name\": \"a\", \"binary\": \"a\",\n\"exit\": \"restart\"}]}",
        "system.json(2): \"exit\" must be one of \"keep\", \"propagate\", not the text \"restart\""
    )]
    [InlineData(
        "{\"children\": [{\"name\": \"a\", \"binary\": \"a\",\n\"cluster\": \"last\"}]}",
        "system.json(2): \"cluster\" must be \"boot\" or a number, not the text \"last\""
    )]
    [InlineData(
        "{\"children\": [{\"name\": \"a\", \"binary\": \"a\",\n\"essential\": 1}]}",
        "system.json(2): \"essential\" must be true or false, not the number 1"
    )]
    [InlineData(
        "{\"children\": [{\"name\": \"a\", \"binary\": \"a\", \"routes\": [\n{\"to\": \"child:b\"}]}]}",
        "system.json(2): there is no child \"b\" beside this one"
    )]
    [InlineData(
        "{\"children\": [{\"name\": \"a\", \"binary\": \"a\", \"routes\": [\n{\"to\": \"child:a\"}]}]}",
        "system.json(2): \"a\" cannot be its own server"
    )]
    [InlineData(
        "{\"children\": [{\"name\": \"a\", \"binary\": \"a\", \"routes\": [\n{\"to\": \"sibling\"}]}]}",
        "system.json(2): \"to\" must be \"parent\" or \"child:NAME\""
    )]
    [InlineData(
        "{\"children\": [{\"name\": \"b\", \"binary\": \"b\"}, {\"name\": \"a\", \"binary\": \"a\", \"routes\": [\n{\"service\": \"S\", \"to\": \"child:b\"}]}]}",
        "system.json(2): \"b\" does not provide \"S\""
    )]
    [InlineData(
        "{\"children\": [{\"name\": \"bear\", \"binary\": \"b\", \"provides\": [\"Ping\"]}, {\"name\": \"a\", \"binary\": \"a\", \"routes\": [\n{\"service\": \"Pign\", \"to\": \"child:bear\"}]}]}",
        "system.json(2): \"bear\" does not provide \"Pign\"; did you mean \"Ping\"?"
    )]
    [InlineData(
        "{\"children\": [{\"name\": \"bear\", \"binary\": \"b\"}, {\"name\": \"a\", \"binary\": \"a\", \"routes\": [\n{\"to\": \"child:baer\"}]}]}",
        "system.json(2): there is no child \"baer\" beside this one; did you mean \"bear\"?"
    )]
    [InlineData(
        "{\"children\": [{\"name\": \"a\", \"binary\": \"a\", \"routes\": [\n{\"label\": \"x\", \"labelSuffix\": \"y\", \"to\": \"parent\"}]}]}",
        "system.json(2): a route has one of"
    )]
    [InlineData(
        "{\"vcores\": [\n{\"name\": \"core\", \"cpus\": {\"nodes\": [1]}, " + Memory + "}]}",
        "system.json(2): a vcore cannot be called \"core\": its lines would be core's"
    )]
    [InlineData("{\"vcores\": [\n{\"name\": \"v\", \"memory\": []}]}", "system.json(2): a vcore needs \"cpus\"")]
    [InlineData(
        "{\"vcores\": [{\"name\": \"v\",\n\"cpus\": {\"nodes\": [1], \"cpus\": [1]}, " + Memory + "}]}",
        "system.json(2): \"cpus\" must have one of"
    )]
    [InlineData(
        "{\"vcores\": [{\"name\": \"v\",\n\"cpus\": {\"nodes\": [1, 1]}, " + Memory + "}]}",
        "system.json(2): \"nodes\" names 1 twice"
    )]
    [InlineData(
        "{\"vcores\": [{\"name\": \"v\",\n\"cpus\": {\"nodes\": []}, " + Memory + "}]}",
        "system.json(2): \"nodes\" must name at least one"
    )]
    [InlineData(
        "{\"vcores\": [{\"name\": \"v\", \"cpus\": {\"nodes\": [1]},\n\"memory\": []}]}",
        "system.json(2): a vcore needs memory"
    )]
    [InlineData(
        "{\"vcores\": [{\"name\": \"v\", \"cpus\": {\"nodes\": [1]}, \"memory\": [\n{\"node\": 1, \"start\": 0, \"size\": \"4K\"}]}]}",
        "system.json(2): a memory entry has either"
    )]
    [InlineData(
        "{\"vcores\": [{\"name\": \"v\", \"cpus\": {\"nodes\": [1]}, \"memory\": [\n{\"node\": 1, \"size\": 100}]}]}",
        "system.json(2): \"size\" must be whole pages"
    )]
    [InlineData(
        "{\"vcores\": [{\"name\": \"v\", \"cpus\": {\"nodes\": [1]}, \"memory\": [\n{\"start\": 100, \"size\": \"4K\"}]}]}",
        "system.json(2): \"start\" must be page-aligned"
    )]
    [InlineData(
        "{\"vcores\": [{\"name\": \"v\", \"cpus\": {\"nodes\": [1]}, "
            + Memory
            + ", \"children\": [{\"name\": \"a\", \"binary\": \"a\",\n\"cluster\": 1}]}]}",
        "system.json(2): a child has no \"cluster\""
    )]
    [InlineData(
        "{\"channels\": [{\"name\": \"c\",\n\"between\": [\"a\", \"b\"]}]}",
        "system.json(2): there is no child \"a\"; a path is \"child\" or \"vcore/child\""
    )]
    [InlineData(
        "{\"channels\": [{\"name\": \"c\",\n\"between\": [\"a\"]}]}",
        "system.json(2): \"between\" must name two children"
    )]
    [InlineData(
        "{\"children\": [{\"name\": \"a\", \"binary\": \"a\"}], \"channels\": [{\"name\": \"c\",\n\"between\": [\"a\", \"a\"]}]}",
        "system.json(2): a channel needs two different children"
    )]
    [InlineData(
        "{\"channels\": [{\"name\": \"c\", \"between\": [],\n\"slots\": 3}]}",
        "system.json(2): \"slots\" must be a power of two, not 3"
    )]
    [InlineData(
        "{\"children\": [{\"name\": \"a\", \"binary\": \"a\", \"provides\": [\"Ping\", \"Pong\",\n\"Ping\"]}]}",
        "system.json(2): \"provides\" names \"Ping\" twice"
    )]
    [InlineData(
        "{\"children\": [{\"name\": \"a\", \"binary\": \"a\",\n\"ram\": \"8388608T\"}]}",
        "system.json(2): \"ram\" must be an amount of memory at most 4096T, not the text \"8388608T\""
    )]
    [InlineData(
        "{\"children\": [{\"name\": \"a\", \"binary\": \"a\",\n\"restart\": {}}]}",
        "system.json(2): a restart needs \"times\""
    )]
    [InlineData(
        "{\"children\": [{\"name\": \"a\", \"binary\": \"a\",\n\"restart\": {\"times\": 0}}]}",
        "system.json(2): \"times\" must be a number from 1 to 1000000, not 0"
    )]
    [InlineData(
        "{\"children\": [{\"name\": \"a\", \"binary\": \"a\",\n\"restart\": {\"times\": 1, \"on\": \"exit\"}}]}",
        "system.json(2): \"on\" must be one of \"crash\", \"failure\", \"end\", not the text \"exit\""
    )]
    [InlineData(
        "{\"children\": [{\"name\": \"a\", \"binary\": \"a\",\n\"restart\": {\"times\": 1, \"time\": 2}}]}",
        "system.json(2): a restart has no \"time\"; did you mean \"times\"?"
    )]
    [InlineData("{}", "system.json(1): no child is \"essential\"")]
    [InlineData(
        "{\"children\": [{\"name\": \"a\", \"binary\": \"a\", \"essential\": false}]}",
        "system.json(1): no child is \"essential\""
    )]
    [InlineData(
        "\n{\"vcores\": [{\"name\": \"v\", \"cpus\": {\"nodes\": [1]}, " + Memory + "}]}",
        "system.json(2): no child is \"essential\""
    )]
    [InlineData("{\n\"vcore\": []}", "system.json(2): a configuration has no \"vcore\"; did you mean \"vcores\"?")]
    [InlineData("{\n\"vcores\": [\n}", "system.json(3): not valid JSON")]
    public void RefusesWithLine(string text, string message)
    {
        var exception = Assert.Throws<BadInputException>(() => TestFiles.System(text));
        Assert.Contains(exception.Diagnostics, diagnostic => TestFiles.Short(diagnostic).StartsWith(message));
    }

    /// <summary>What stands in for a value that was refused is no mistake of the file's.</summary>
    [Theory]
    [InlineData("{\"children\": 5}")]
    [InlineData("{\"children\": [{\"name\": \"a\", \"binary\": \"a\", \"essential\": \"yes\"}]}")]
    [InlineData("{\"children\": [CHILD, {\"name\": 5, \"binary\": \"a\"}]}")]
    [InlineData("{\"children\": [CHILD, {\"name\": \"b\", \"binary\": 5}]}")]
    [InlineData("{\"children\": [CHILD, {\"name\": \"b\", \"binary\": \"b\", \"restart\": 5}]}")]
    [InlineData("{\"children\": [CHILD], \"channels\": [{\"name\": \"c\", \"between\": 5}]}")]
    [InlineData("{\"children\": [CHILD], \"vcores\": [{\"name\": \"v\", \"cpus\": {\"nodes\": 5}, MEMORY}]}")]
    [InlineData("{\"children\": [CHILD], \"vcores\": [{\"name\": \"v\", \"cpus\": {\"nodes\": [1.5]}, MEMORY}]}")]
    [InlineData("{\"children\": [CHILD], \"vcores\": [{\"name\": \"v\", \"cpus\": {\"nodes\": [1]}, \"memory\": 5}]}")]
    [InlineData(
        "{\"children\": [CHILD], \"vcores\": [{\"name\": \"v\", \"cpus\": {\"nodes\": [1]}, \"memory\": [{\"node\": 1, \"size\": \"x\"}]}]}"
    )]
    [InlineData(
        "{\"children\": [CHILD], \"vcores\": [{\"name\": \"v\", \"binary\": 5, \"cpus\": {\"nodes\": [1]}, MEMORY}]}"
    )]
    public void OneMistakeIsOneError(string text)
    {
        const string child = "{\"name\": \"a\", \"binary\": \"a\", \"essential\": true}";
        string whole = text.Replace("CHILD", child).Replace("MEMORY", Memory);
        Assert.Single(Assert.Throws<BadInputException>(() => TestFiles.System(whole)).Diagnostics);
    }

    [Fact]
    public void RefusesMoreChildrenThanTheTableHolds()
    {
        var children = Enumerable
            .Range(0, ConfigurationLimits.Children + 1)
            .Select(i => $"{{\"name\":\"c{i}\",\"binary\":\"b\"}}");
        string text = $"{{\"children\":[{string.Join(',', children)}]}}";
        var exception = Assert.Throws<BadInputException>(() => TestFiles.System(text));
        Assert.Contains("257 children are more than 256", exception.Message);
    }

    /// <summary>The parent would not take the announcement of a fifth.</summary>
    [Fact]
    public void AChildProvidesNoMoreThanAComponentCanAnnounce()
    {
        Assert.Equal(IParent.MaximumServices, ChildReader.ServicesOfOne);
        const string text =
            "{\"children\": [{\"name\": \"a\", \"binary\": \"a\", \"essential\": true, \"provides\":\n[NAMES]}]}";
        string[] names = ["\"A\"", "\"B\"", "\"C\"", "\"D\""];
        string most = string.Join(',', names);
        Assert.Equal(4, TestFiles.System(text.Replace("NAMES", most)).Children[0].Services.Count);
        var refused = Assert.Throws<BadInputException>(() => TestFiles.System(text.Replace("NAMES", $"{most}, \"E\"")));
        Assert.Equal(
            "system.json(2,1): error SK0207: \"provides\" names 5 services, and a component offers at most 4",
            Assert.Single(refused.Diagnostics).ToString()
        );
    }

    /// <summary>A longer one would be compared with labels that no child can give.</summary>
    [Theory]
    [InlineData("label")]
    [InlineData("labelPrefix")]
    [InlineData("labelSuffix")]
    public void ARouteHasNoLongerLabelThanASession(string member)
    {
        Assert.Equal(IParent.MaximumLabel, RouteReader.LabelBytes);
        string text =
            $"{{\"children\": [{{\"name\": \"a\", \"binary\": \"a\", \"essential\": true, \"routes\": [{{\"{member}\":\n"
            + "\"LABEL\", \"to\": \"parent\"}]}]}";
        string longest = new('x', RouteReader.LabelBytes);
        Assert.Equal(longest, TestFiles.System(text.Replace("LABEL", longest)).Children[0].Routes[0].Label);
        string[] longer = [longest + "x", longest[1..] + "é"];
        foreach (string label in longer)
        {
            var refused = Assert.Throws<BadInputException>(() => TestFiles.System(text.Replace("LABEL", label)));
            string reason = $"\"{member}\" has 97 bytes, more than 96";
            Assert.Equal($"system.json(2,1): error SK0007: {reason}", Assert.Single(refused.Diagnostics).ToString());
        }
    }

    private static (uint Cluster, uint X, uint Width) Place(ChildDescription child) =>
        (child.Cluster, child.AffinityX, child.AffinityWidth);
}
