using System;
using System.Collections.Generic;
using System.Linq;
using Skerry.Qemu.Machines;
using Skerry.Tests.Host.Qemu;
using Xunit;

namespace Skerry.Tests.Boot;

/// <summary>
/// Children that are started again after they have ended badly, under core and under a vcore on two clusters of two CPUs: what their server has is
/// the same each time, and who waits for a service of theirs gets it from the next instance.
/// </summary>
[Collection(QemuCollection.Name)]
public sealed class S04RestartTests(ITestOutputHelper output)
{
    /// <summary>
    /// What every run makes, each end at each step; and a long one. The accounts that are compared are those before the
    /// first restart and before the last.
    /// </summary>
    private const int Share = 5 * 11 + 1;
    private const int Long = 10_001;

    private static readonly TimeSpan? _limit = SoakConfig.Soak == 0 ? null : TimeSpan.FromMinutes(90);

    private static readonly string[] _accounts =
    [
        "ram",
        "capabilities",
        "memory",
        "message-slots",
        "objects",
        "records",
    ];

    /// <summary>On each CPU a pager and an entrypoint, and the supervisor: each may keep a slot for a while.</summary>
    private const long Announced = 2 * 2 + 1;

    /// <summary>
    /// A component that allocates, attaches, faults, has threads inside calls of its server and of a sibling, and ends in the
    /// middle of it, at another step each time.
    /// </summary>
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void WhoIsStartedAgainLeavesNothing(bool isInVcore)
    {
        int times = SoakConfig.Soak == 0 ? Share : Long;
        string children = $$"""
            { "name": "server", "binary": "ping-server", "provides": ["Ping", "Never"] HOME },
            { "name": "mortal", "binary": "mortal", "arguments": "work of={{times}}", "affinity": { "x": 0, "width": 2 },
              "essential": true, "ram": "2M", "capabilities": 200, "priority": 40, "restart": { "times": {{times}} },
              "routes": [{ "service": "Ping", "to": "child:server" }, { "service": "Never", "to": "child:server" },
                         { "to": "parent" }] HOME }
            """;
        MachineResult result = ParentSystem.Run(isInVcore, "restarts", children, limit: _limit, isSmall: true);
        result.Require(ExitStatus.Success);
        Assert.DoesNotContain(result.Lines, line => line.Contains("@test mortal-step fail"));
        IReadOnlyList<RecordLine> told = Told(result, "mortal");
        Assert.Equal($"{times}", told[^1].Field("number"));
        Assert.Contains(
            $"{(isInVcore ? "vcore west" : "core")}: child mortal is started again, {times} of {times}",
            result.Lines
        );
        output.WriteLine($"before the first: {told[0]}\nbefore the last: {told[^1]}");
        foreach (string account in _accounts)
        {
            Assert.Equal((account, told[0].Field(account)), (account, told[^1].Field(account)));
        }
        Assert.InRange(long.Parse(told[0].Field("slots")) - long.Parse(told[^1].Field("slots")), -Announced, Announced);
    }

    /// <summary>
    /// A service that ends before it announces, with a request that it has not fetched, in an open, a call and a close. Its client
    /// waits for the next instance, or is told that its request was lost with this one; what it has given comes back.
    /// </summary>
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void WhoWaitsForAServiceGetsItFromTheNext(bool isInVcore)
    {
        const int times = 3 * 5;
        string children = $$"""
            { "name": "service", "binary": "mortal", "arguments": "serve of={{times}}", "provides": ["Odd"],
              "restart": { "times": {{times}}, "on": "failure" } HOME },
            { "name": "user", "binary": "mortal", "arguments": "use of={{times}}", "affinity": { "x": 1 }, "essential": true,
              "routes": [{ "service": "Odd", "to": "child:service" }, { "to": "parent" }] HOME }
            """;
        MachineResult result = ParentSystem.Run(isInVcore, "restarted-service", children, isSmall: true);
        result.Require(ExitStatus.Success);
        RecordLine told = result.RecordsOf("test").Single(record => record.Word(0) == "mortal-service");
        output.WriteLine($"{told}");
        // Once in each round of five it ends in an open, and with a session that is in use.
        Assert.Equal("3,", told.Word(5));
        Assert.Contains(result.Lines, line => line.Contains("user gets no session Odd: its provider has ended"));
        Assert.DoesNotContain(result.Lines, line => line.Contains("child service exited with 0"));
    }

    /// <summary>An essential child ends its system by its last end alone, and only a crash is a crash.</summary>
    [Theory]
    [InlineData(true, "crash of=9", "crash", 2, " faulted: ")]
    [InlineData(false, "crash of=9", "failure", 2, " faulted: ")]
    [InlineData(true, "leave", "crash", 0, " exited with 1")]
    [InlineData(false, "leave", "failure", 2, " exited with 1")]
    public void TheLastEndCounts(bool isInVcore, string word, string on, int restarts, string end)
    {
        string children = $$"""
            { "name": "mortal", "binary": "mortal", "arguments": "{{word}}", "essential": true,
              "restart": { "times": 2, "on": "{{on}}" } HOME }
            """;
        MachineResult result = ParentSystem.Run(
            isInVcore,
            $"last-end-{word.Split(' ')[0]}-{on}",
            children,
            isSmall: true
        );
        result.Require(ExitStatus.ComponentFailure);
        Assert.Equal(restarts, Told(result, "mortal").Count);
        Assert.Equal(restarts + 1, result.Lines.Count(line => line.Contains($": child mortal{end}")));
    }

    private static IReadOnlyList<RecordLine> Told(MachineResult result, string child) =>
        [.. result.RecordsOf("restart").Where(line => line.Field("child") == child)];
}
