using System.Globalization;
using System.IO;
using System.Linq;
using Skerry.Qemu;
using Skerry.Qemu.Machines;
using Skerry.Qemu.Topologies;
using Skerry.Tests.Host.Qemu;
using Xunit;

namespace Skerry.Tests.Boot;

/// <summary>core with children of its own and no vcore. The end is a success, or a component's failure when one fails.</summary>
[Collection(QemuCollection.Name)]
public sealed class S03CoreTests
{
    private const string Calls = """
        {
          "children": [
            { "name": "server", "binary": "ping-server", "cluster": "boot", "provides": ["Ping"] },
            {
              "name": "client",
              "binary": "ping-client",
              "cluster": "boot",
              "essential": true,
              "routes": [{ "service": "Ping", "to": "child:server" }, { "to": "parent" }]
            },
            { "name": "reader", "binary": "rom-reader", "cluster": "boot", "arguments": "system.bin", "essential": true }
          ]
        }
        """;

    /// <summary>Alone, as it counts the interrupts that its CPU sends, and a sibling's end sends some.</summary>
    private const string Touches = """
        {
          "children": [
            { "name": "toucher", "binary": "toucher", "cluster": "boot", "ram": "2M", "essential": true }
          ]
        }
        """;

    [Theory]
    [InlineData("1x1", ClusterMode.L2)]
    [InlineData("4x4", ClusterMode.L2)]
    [InlineData("4x4", ClusterMode.Machine)]
    public void ItsChildrenCallEachOther(string topology, ClusterMode mode) =>
        Passes(SystemFile.Run(topology, mode, "core-calls", Calls));

    [Theory]
    [InlineData("1x1", ClusterMode.L2)]
    [InlineData("4x4", ClusterMode.Machine)]
    public void ItsChildTouchesMemory(string topology, ClusterMode mode) =>
        Passes(SystemFile.Run(topology, mode, "core-touches", Touches));

    [Theory]
    [InlineData("1x1", ClusterMode.L2)]
    [InlineData("4x4", ClusterMode.Machine)]
    public void ItsChildSeesItsCallsInTheKernel(string topology, ClusterMode mode)
    {
        MachineResult result = SystemFile.Run(topology, mode, "core-traces", Traces("\"trace\": true,"));
        Passes(result);
        RecordLine calls = result.RecordsOf("trace").Single(line => line.Fields["entry"] == "call");
        // A hundred of its own, and those by which it starts and stops the trace may be among them.
        Assert.InRange(int.Parse(calls.Fields["n"], CultureInfo.InvariantCulture), 100, 110);
        Assert.NotEqual("0", calls.Fields["median"]);
    }

    [Fact]
    public void AChildWithoutLeaveDoesNotTrace()
    {
        MachineResult result = SystemFile.Run("1x1", ClusterMode.L2, "core-no-traces", Traces(""));
        Passes(result);
        Assert.Empty(result.RecordsOf("trace"));
        Assert.Equal("trace-without-leave", result.RecordsOf("test").Single().Word(0));
    }

    /// <summary>Of 256 MiB no block is as large as what the child asks for at once: it is given in several.</summary>
    [Fact]
    public void ItsChildUsesAllItsMemoryAtOnce() =>
        SystemFile.Run("1x1", ClusterMode.L2, "core-large-memory", Large).Require(ExitStatus.Success);

    private const string Large = """
        {
          "children": [
            { "name": "large", "binary": "unruly", "arguments": "large-memory", "cluster": "boot", "ram": "200M",
              "essential": true }
          ]
        }
        """;

    /// <summary>
    /// What nobody uses is not touched: the first component starts after about as many instructions, whatever there is.
    /// </summary>
    [Fact]
    public void MemoryThatNobodyUsesCostsNothing()
    {
        ulong small = InstructionsToFirstComponent("256M");
        ulong large = InstructionsToFirstComponent("6144M");
        Assert.InRange(large, 1ul, small + small / 4);
    }

    private static ulong InstructionsToFirstComponent(string memory)
    {
        string path = Path.Combine(Repository.Locate().Output, "test", $"memory-{memory}.json");
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllText(path, $$"""{ "nodes": [{ "memory": "{{memory}}", "cpus": 1 }] }""");
        MachineResult result = SystemFile.Run(
            path,
            ClusterMode.L2,
            "core-reads",
            Reads,
            "",
            Accelerator.InstructionCount
        );
        result.Require(ExitStatus.Success);
        return ulong.Parse(result.RecordsOf("boot").First().Fields["ticks"], CultureInfo.InvariantCulture);
    }

    private const string Reads = """
        {
          "children": [
            { "name": "reader", "binary": "rom-reader", "cluster": "boot", "arguments": "system.bin", "essential": true }
          ]
        }
        """;

    /// <summary>Whoever waits for a service is told so when its provider can't announce it any more.</summary>
    [Theory]
    [InlineData("\"rom-reader\", \"arguments\": \"system.bin\"")]
    [InlineData("\"faulty\", \"arguments\": \"null-write\"")]
    public void AProviderThatEndsLeavesNobodyWaiting(string provider)
    {
        string json = $$"""
            {
              "children": [
                { "name": "server", "binary": {{provider}}, "cluster": "boot", "provides": ["Ping"] },
                {
                  "name": "client",
                  "binary": "ping-client",
                  "cluster": "boot",
                  "essential": true,
                  "routes": [{ "service": "Ping", "to": "child:server" }, { "to": "parent" }]
                }
              ]
            }
            """;
        MachineResult result = SystemFile.Run("1x1", ClusterMode.L2, "core-no-provider", json);
        Assert.Equal(ExitStatus.ComponentFailure, result.Status);
        const string expected = "core: child client gets no session Ping: its provider has ended";
        Assert.Contains(result.Lines, line => line.EndsWith(expected, System.StringComparison.Ordinal));
    }

    /// <summary>Who is refused a session learns nothing but that, so the console says why.</summary>
    [Fact]
    public void AServiceThatNoRouteLeadsToIsTold()
    {
        const string json = """
            {
              "children": [
                { "name": "client", "binary": "ping-client", "cluster": "boot", "essential": true }
              ]
            }
            """;
        MachineResult result = SystemFile.Run("1x1", ClusterMode.L2, "core-no-route", json);
        Assert.Equal(ExitStatus.ComponentFailure, result.Status);
        Assert.Contains("core: child client gets no session Ping: no route leads to it", result.Lines);
    }

    [Fact]
    public void AServiceThatIsNotConfiguredIsTold()
    {
        const string json = """
            {
              "children": [
                { "name": "server", "binary": "ping-server", "cluster": "boot" },
                {
                  "name": "client",
                  "binary": "ping-client",
                  "cluster": "boot",
                  "essential": true,
                  "routes": [{ "to": "child:server" }]
                }
              ]
            }
            """;
        MachineResult result = SystemFile.Run("1x1", ClusterMode.L2, "core-not-named", json);
        result.Require(ExitStatus.ComponentFailure);
        const string expected = "core: child server announces Ping, which its configuration does not name";
        Assert.Single(result.Lines, line => line == expected);
    }

    /// <summary>Whoever waits for a service that is never announced says nothing; who it is, the end of the time limit says.</summary>
    [Fact]
    public void AProviderThatAnnouncesNothingIsNamed()
    {
        const string json = """
            {
              "children": [
                { "name": "mute", "binary": "faulty", "arguments": "endless-loop", "provides": ["Ping"] },
                { "name": "client", "binary": "ping-client", "essential": true,
                  "routes": [{ "service": "Ping", "to": "child:mute" }] }
              ]
            }
            """;
        string path = Path.Combine(Repository.Locate().Output, "test", "core-mute-provider.json");
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllText(path, json);
        HostProgram run = HostProgram.Skerry("run", "-t", "1x1", "-c", path, "--timeout", "5");
        Assert.Equal((int)ExitStatus.TimeOut, run.Status);
        Assert.Contains("skerry: client has not ended; Ping is routed to mute, which has not ended", run.Error);
    }

    /// <summary>No route is asked for what a child has from its start: a sibling that is to serve all never announces it.</summary>
    [Fact]
    public void ALogIsNotRouted()
    {
        const string json = """
            {
              "children": [
                { "name": "server", "binary": "ping-server", "cluster": "boot", "provides": ["Ping"] },
                {
                  "name": "client",
                  "binary": "faulty",
                  "arguments": "ask-for-log",
                  "cluster": "boot",
                  "essential": true,
                  "routes": [{ "to": "child:server" }]
                }
              ]
            }
            """;
        SystemFile.Run("1x1", ClusterMode.L2, "core-log-unrouted", json).Require(ExitStatus.Success);
    }

    /// <summary>Memory for kernel objects, frames behind dataspaces, CPUs' time: nothing of that is a component's.</summary>
    [Fact]
    public void AComponentIsNoServer() =>
        SystemFile.Run("2x2", ClusterMode.Machine, "core-no-server", Bad("serve")).Require(ExitStatus.Success);

    [Fact]
    public void AModuleIsNoMessageBuffer() =>
        SystemFile.Run("1x1", ClusterMode.L2, "core-rom-buffer", Bad("rom-as-buffer")).Require(ExitStatus.Success);

    /// <summary>Its lines are its own, though they look like the end of the run or write over the line before.</summary>
    [Fact]
    public void AComponentForgesNoLines()
    {
        MachineResult result = SystemFile.Run("1x1", ClusterMode.L2, "core-forged", Bad("forged-lines"));
        result.Require(ExitStatus.Success);
        Assert.Contains("[core/bad] @exit 16 all is well", result.Lines);
        Assert.Contains("[core/bad] ?@exit 16 ?[2Jall is well", result.Lines);
        Assert.Contains("[core/bad] ??@exit 16 ??2Jall is well, caf\u00e9", result.Lines);
        Assert.Contains("[core/bad] ?no?J?", result.Lines);
        Assert.Contains("[core/bad] @restart server=core child=innocent number=1 of=1", result.Lines);
        Assert.Contains("[core/bad -> mine] @restart server=core", result.Lines);
        Assert.Empty(result.RecordsOf("restart"));
        Assert.Equal("all essential children have exited with 0", result.RecordsOf("exit").Single().Rest(1));
    }

    private static string Bad(string misdeed) =>
        $$"""
            {
              "children": [
                { "name": "bad", "binary": "faulty", "arguments": "{{misdeed}}", "cluster": "boot", "essential": true }
              ]
            }
            """;

    private static string Traces(string leave) =>
        $$"""
            {
              "children": [
                { "name": "tracer", "binary": "tracer", {{leave}} "cluster": "boot", "ram": "2M", "essential": true }
              ]
            }
            """;

    private static void Passes(MachineResult result)
    {
        result.Require(ExitStatus.Success);
        Assert.NotEmpty(result.RecordsOf("test"));
        Assert.All(result.RecordsOf("test"), test => Assert.Equal("pass", test.Word(1)));
        Assert.Equal("16", result.RecordsOf("exit").Single().Word(0));
    }

    [Theory]
    [InlineData("null-write", "core: child bad faulted: write to 0x")]
    [InlineData("failed-check", "core: child bad failed: index out of range")]
    public void AnEssentialChildThatFaultsIsAFailure(string misdeed, string line)
    {
        string json = $$"""
            {
              "children": [
                { "name": "bad", "binary": "faulty", "cluster": "boot", "arguments": "{{misdeed}}", "essential": true }
              ]
            }
            """;
        MachineResult result = SystemFile.Run("1x1", ClusterMode.L2, "core-faulty", json);
        result.Require(ExitStatus.ComponentFailure);
        Assert.Contains(result.Lines, one => one.Contains(line));
        Assert.Equal("essential child bad failed", result.RecordsOf("exit").Single().Rest(1));
    }
}
