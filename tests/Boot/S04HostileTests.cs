using System;
using Skerry.Qemu.Machines;
using Skerry.Tests.Host.Qemu;
using Xunit;

namespace Skerry.Tests.Boot;

/// <summary>
/// Components that send their servers what they do not expect, or what they expect over and over, under core and under a vcore
/// on 4x4, beside two that call each other: the accounts of the end are those of the beginning, and nobody else notices.
/// </summary>
[Collection(QemuCollection.Name)]
public sealed class S04HostileTests(ITestOutputHelper output)
{
    /// <summary>What every run makes; a long one makes <see cref="Long"/> times as many, and ten times that of attaches.</summary>
    private const int Share = 250;
    private const int Long = 40;

    private static readonly TimeSpan? _limit = SoakConfig.Soak == 0 ? null : TimeSpan.FromMinutes(20);

    /// <summary>
    /// Every method of every interface, in every wrong form; and right in form, with values of no meaning; beside one that opens
    /// and closes sessions.
    /// </summary>
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void WhatIsWrongIsRefused(bool isInVcore)
    {
        string children =
            Hostile("malformed", "malformed", 0)
            + Hostile("random", "random seed=7", 1)
            + Hostile("sessions", $"sessions rounds={Share}", 0);
        string[] tests = ["hostile-malformed", "hostile-random", "cycle-sessions"];
        Run(isInVcore, "wrong", children, Channels(isInVcore, "malformed"), tests);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void ClosedSessionsAreBack(bool isInVcore) =>
        Run(isInVcore, "sessions", Hostile("sessions", $"sessions rounds={Rounds}", 0), "", "cycle-sessions");

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void ThreadsAndAttachesAreBack(bool isInVcore)
    {
        string children =
            Hostile("threads", $"threads rounds={Rounds}", 0)
            + Hostile("attaches", $"attaches rounds={10 * Rounds}", 1);
        Run(isInVcore, "threads", children, "", "cycle-threads", "cycle-attaches");
    }

    private static int Rounds => SoakConfig.Soak == 0 ? Share : Share * Long;

    private void Run(bool isInVcore, string name, string children, string channels, params string[] tests)
    {
        MachineResult result = ParentSystem.Run(isInVcore, $"hostile-{name}", Ping + children, channels, _limit);
        result.Require(ExitStatus.Success);
        foreach (string line in result.Lines)
        {
            if (line.Contains("@test hostile-") || line.Contains("@test cycle-"))
            {
                output.WriteLine(line);
            }
        }
        foreach (string test in tests)
        {
            Assert.Contains(result.Lines, line => line.StartsWith($"@test {test} pass", StringComparison.Ordinal));
        }
    }

    private static string Ping => ParentSystem.Ping.Replace("CPU", "1");

    private static string Channels(bool isInVcore, string child)
    {
        string home = isInVcore ? "west/" : "";
        return $$"""
            , "channels": [{ "name": "to-nobody", "between": ["{{home}}{{child}}", "{{home}}server"], "slots": 16 }]
            """;
    }

    private static string Hostile(string name, string words, int cpu) =>
        $$"""
            , { "name": "{{name}}", "binary": "hostile", "arguments": "{{words}}", "affinity": { "x": {{cpu}} },
            "essential": true, "ram": "1M", "capabilities": 120,
            "routes": [{ "service": "Ping", "to": "child:server" }, { "to": "parent" }] HOME }
            """;
}
