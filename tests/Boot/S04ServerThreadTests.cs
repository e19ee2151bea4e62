using Skerry.Qemu.Machines;
using Skerry.Qemu.Topologies;
using Xunit;

namespace Skerry.Tests.Boot;

/// <summary>
/// Servers go on whatever their clients do to the time that they work on, and answer on the CPU where the caller waits:
/// core and a vcore, on 4x4.
/// </summary>
[Collection(QemuCollection.Name)]
public sealed class S04ServerThreadTests
{
    private const string Unruly = """
        {
          "name": "unruly-NUMBER",
          "binary": "unruly",
          "arguments": "WORD",
          "affinity": { "x": 0, "width": 2 },
          "essential": true,
          "ram": "2M",
          "capabilities": 200
          HOME
        },
        """;

    /// <summary>The session is asked for on one CPU, and answered by the server's main thread, on the first.</summary>
    [Theory]
    [InlineData(true, 0)]
    [InlineData(true, 1)]
    [InlineData(false, 0)]
    [InlineData(false, 1)]
    public void ASiblingSSessionOpensOnEveryCpu(bool isInVcore, int cpu) =>
        Run(isInVcore, $"sibling-{cpu}", ParentSystem.Ping.Replace("CPU", $"{cpu}")).Require(ExitStatus.Success);

    /// <summary>
    /// Clients on all four CPUs of one server. While the vcore starts one, the entrypoints of the others wait for its lock: who
    /// waits lets the CPU that has it run, where one thread of the host plays all.
    /// </summary>
    [Fact]
    public void ClientsOnAllCpusAreServed()
    {
        string children =
            """{ "name": "server", "binary": "ping-server", "affinity": { "x": 0 }, "provides": ["Ping"] }""";
        for (int i = 0; i < 4; i++)
        {
            children += $$"""
                , { "name": "client-{{i}}", "binary": "ping-client", "affinity": { "x": {{i}} }, "essential": true,
                "routes": [{ "service": "Ping", "to": "child:server" }, { "to": "parent" }] }
                """;
        }
        string json = $$"""
            {
              "vcores": [
                {
                  "name": "west",
                  "cpus": { "clusters": [0] },
                  "memory": [{ "node": "local", "size": "10M" }],
                  "children": [{{children}}]
                }
              ]
            }
            """;
        const Accelerator counted = Accelerator.InstructionCount;
        SystemFile
            .Run("2x2", ClusterMode.Machine, "clients-on-all-cpus", json, accelerator: counted)
            .Require(ExitStatus.Success);
    }

    /// <summary>Each three times, beside two that call each other on the last CPU.</summary>
    [Theory]
    [InlineData(true, "exit-inside-calls")]
    [InlineData(true, "destroy-inside-calls")]
    [InlineData(true, "own-fault-handler")]
    [InlineData(false, "exit-inside-calls")]
    [InlineData(false, "own-fault-handler")]
    public void WhoIsUnrulyStopsNobody(bool isInVcore, string word)
    {
        string unruly = "";
        for (int i = 0; i < 3; i++)
        {
            unruly += Child(i, word);
        }
        Run(isInVcore, word, unruly + ParentSystem.Ping.Replace("CPU", "1")).Require(ExitStatus.Success);
    }

    /// <summary>What a thread was at when it was destroyed keeps no call of the others waiting.</summary>
    [Fact]
    public void WhoDestroysAThreadInsideSlotsGoesOn()
    {
        const string word = "destroy-inside-slots";
        Run(false, word, Child(0, word).TrimEnd().TrimEnd(',')).Require(ExitStatus.Success);
    }

    /// <summary>
    /// A component of a low priority, whose threads ask for the highest and return: they have its own. Those of one of a
    /// higher priority that are done take no time from it.
    /// </summary>
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void AThreadThatIsDoneTakesNoTime(bool isInVcore)
    {
        string children =
            Child(0, "threads-stay").Replace("\"essential\": true", "\"priority\": 20")
            + Child(1, "threads-return").Replace("\"essential\"", "\"priority\": 10, \"essential\"");
        Run(isInVcore, "threads-return", children.TrimEnd().TrimEnd(',')).Require(ExitStatus.Success);
    }

    /// <summary>Whoever's server stood still would not be reported.</summary>
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void ACrashInsideCallsIsReported(bool isInVcore)
    {
        const string word = "crash-inside-calls";
        MachineResult result = Run(isInVcore, word, Child(0, word).TrimEnd().TrimEnd(','));
        result.Require(ExitStatus.ComponentFailure);
        Assert.Contains(result.Lines, line => line.Contains("child unruly-0 faulted: write to 0x"));
    }

    /// <summary>Who faults where the handler is gone, or could not help, is told of; it would wait for ever.</summary>
    /// <param name="isInVcore">Whether the parent is one.</param>
    /// <param name="word">What it does.</param>
    /// <param name="reason">Why it has crashed.</param>
    [Theory]
    [InlineData(true, "handler-revoked", "no region")]
    [InlineData(false, "handler-revoked", "no region")]
    [InlineData(true, "handler-removed", "no region")]
    [InlineData(false, "handler-removed", "no region")]
    [InlineData(true, "writes-module", "not writable")]
    public void WhoWaitsForNobodyIsReported(bool isInVcore, string word, string reason)
    {
        MachineResult result = Run(isInVcore, word, Child(0, word).TrimEnd().TrimEnd(','));
        result.Require(ExitStatus.ComponentFailure);
        Assert.Contains(
            result.Lines,
            line => line.Contains($"child unruly-0 faulted: write to 0x2000000000 ({reason})")
        );
    }

    /// <summary>Threads on both CPUs wait for one page, more than are resumed in one piece.</summary>
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void OneAttachLetsManyGoOn(bool isInVcore)
    {
        string child = Child(0, "helps-many").Replace("2M", "6M").Replace("200", "400");
        Run(isInVcore, "helps-many", child + ParentSystem.Ping.Replace("CPU", "1")).Require(ExitStatus.Success);
    }

    private static string Child(int number, string word) => Unruly.Replace("NUMBER", $"{number}").Replace("WORD", word);

    private static MachineResult Run(bool isInVcore, string name, string children) =>
        ParentSystem.Run(isInVcore, name, children);
}
