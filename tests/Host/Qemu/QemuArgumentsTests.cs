using System.Collections.Generic;
using System.Linq;
using Skerry.Qemu.Machines;
using Xunit;

namespace Skerry.Tests.Host.Qemu;

public sealed class QemuArgumentsTests
{
    [Fact]
    public void NamesEveryNodeCpuAndDistance()
    {
        IReadOnlyList<string> arguments = For("4x4");
        string[] numa = Values(arguments, "-numa").ToArray();
        Assert.Equal(4, numa.Count(value => value.StartsWith("node,")));
        Assert.Equal(16, numa.Count(value => value.StartsWith("cpu,")));
        Assert.Equal(12, numa.Count(value => value.StartsWith("dist,")));
        Assert.Contains("cpu,node-id=3,socket-id=3,core-id=1,thread-id=1", numa);
        Assert.Equal(["16,sockets=4,cores=2,threads=2"], Values(arguments, "-smp"));
        Assert.Equal(["512M"], Values(arguments, "-m"));
        Assert.Equal(["q35"], Values(arguments, "-machine"));
    }

    [Fact]
    public void X2ApicIsAskedForWhereItIsNeeded()
    {
        Assert.Equal(["max,vendor=GenuineIntel"], Values(For("many"), "-cpu"));
        var options = new MachineOptions
        {
            Kernel = "boot.elf",
            Topology = TestFiles.Topology("""{ "nodes": [{ "memory": "1G", "cpus": 1024 }] }"""),
        };
        IReadOnlyList<string> arguments = QemuArguments.For(options);
        Assert.Equal(["max,vendor=GenuineIntel,+x2apic"], Values(arguments, "-cpu"));
        Assert.Equal(["1024,sockets=1,cores=1024,threads=1"], Values(arguments, "-smp"));
    }

    [Fact]
    public void ANodeWithoutMemoryHasNoBackend()
    {
        IReadOnlyList<string> arguments = For("memoryless-node");
        Assert.Equal(2, Values(arguments, "-object").Count());
        Assert.Contains("node,nodeid=1", Values(arguments, "-numa"));
    }

    [Fact]
    public void HeterogeneousMemoryIsAnnounced()
    {
        IReadOnlyList<string> arguments = For("asymmetric-distances");
        Assert.Equal(["q35,hmat=on"], Values(arguments, "-machine"));
        // Node 2 has no CPU; from node 0 it is 17 away, from node 1 it is 28.
        Assert.Contains("node,nodeid=2,memdev=memory2,initiator=0", Values(arguments, "-numa"));
        Assert.Contains(
            "hmat-lb,initiator=1,target=2,hierarchy=memory,data-type=access-latency,latency=310",
            Values(arguments, "-numa")
        );
        Assert.Contains("dist,src=0,dst=1,val=21", Values(arguments, "-numa"));
        Assert.Contains("dist,src=1,dst=0,val=31", Values(arguments, "-numa"));
    }

    [Fact]
    public void WithoutTablesNothingIsSaidOfNodes() => Assert.Empty(Values(For("no-srat"), "-numa"));

    [Theory]
    [InlineData(Accelerator.Emulation, "tcg,thread=multi")]
    [InlineData(Accelerator.EmulationByTurns, "tcg,thread=single")]
    [InlineData(Accelerator.InstructionCount, "tcg")]
    [InlineData(Accelerator.Kvm, "kvm")]
    public void ChoosesTheAccelerator(Accelerator accelerator, string expected)
    {
        IReadOnlyList<string> arguments = QemuArguments.For(Options("1x1") with { Accelerator = accelerator });
        Assert.Equal([expected], Values(arguments, "-accel"));
        Assert.Equal(accelerator == Accelerator.InstructionCount, arguments.Contains("-icount"));
    }

    [Fact]
    public void TextWithSpacesAndQuotesStaysOneArgument()
    {
        const string commandLine = "cluster=l2 test=\"a b\" $(true); 'c'";
        IReadOnlyList<string> arguments = QemuArguments.For(Options("1x1") with { CommandLine = commandLine });
        Assert.Equal([commandLine], Values(arguments, "-append"));
    }

    [Fact]
    public void TheDebuggerIsWaitedFor()
    {
        IReadOnlyList<string> arguments = QemuArguments.For(Options("1x1") with { DebuggerPort = 1234 });
        Assert.Contains("-S", arguments);
        Assert.Equal(["tcp:127.0.0.1:1234"], Values(arguments, "-gdb"));
    }

    private static IReadOnlyList<string> For(string topology) => QemuArguments.For(Options(topology));

    private static MachineOptions Options(string topology) =>
        new() { Topology = TestFiles.Shipped(topology), Kernel = "boot.elf" };

    private static IEnumerable<string> Values(IReadOnlyList<string> arguments, string option) =>
        arguments.Zip(arguments.Skip(1)).Where(pair => pair.First == option).Select(pair => pair.Second);

    [Theory]
    [InlineData(1, 120)]
    [InlineData(64, 120)]
    [InlineData(65, 122)]
    [InlineData(255, 502)]
    public void ManyCpusHaveLonger(int cpus, int seconds) =>
        Assert.Equal(seconds, MachineOptions.TimeLimitOf(cpus).TotalSeconds);
}
