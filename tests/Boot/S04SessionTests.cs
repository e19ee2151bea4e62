using Skerry.Qemu.Machines;
using Skerry.Qemu.Topologies;
using Xunit;

namespace Skerry.Tests.Boot;

/// <summary>
/// Sessions between children, under core and under a vcore, on 4x4: whatever a service does with its clients, its parent goes
/// on and its other children do. Each beside two that call each other.
/// </summary>
[Collection(QemuCollection.Name)]
public sealed class S04SessionTests
{
    /// <summary>The client gets no session, and is told so.</summary>
    [Theory]
    [InlineData(true, "service-ends-first")]
    [InlineData(true, "service-ends")]
    [InlineData(true, "service-crashes")]
    [InlineData(true, "service-refuses")]
    [InlineData(false, "service-ends-first")]
    [InlineData(false, "service-ends")]
    [InlineData(false, "service-crashes")]
    [InlineData(false, "service-refuses")]
    public void WhoGetsNoSessionIsTold(bool isInVcore, string service)
    {
        MachineResult result = Run(isInVcore, service, service, Client("is-denied", true));
        result.Require(ExitStatus.Success);
        if (service != "service-refuses")
        {
            Assert.Contains(
                result.Lines,
                line => line.Contains("odd-client gets no session Odd: its provider has ended")
            );
        }
    }

    /// <summary>The client waits for its service; nobody else does. A crash that comes later is seen.</summary>
    [Theory]
    [InlineData(true, "service-never-asks")]
    [InlineData(true, "service-spins")]
    [InlineData(false, "service-never-asks")]
    [InlineData(false, "service-spins")]
    public void AServiceThatNeverAnswersKeepsNobodyElse(bool isInVcore, string service)
    {
        string crash = """
            , { "name": "crasher", "binary": "unruly", "arguments": "crash-inside-calls", "affinity": { "x": 0, "width": 2 },
            "ram": "2M", "capabilities": 200 HOME }
            """;
        MachineResult result = Run(isInVcore, service, service, Client("wait", false) + crash);
        result.Require(ExitStatus.Success);
    }

    /// <summary>A thousand rounds, on 100 capabilities; the service hears of each, and all that was given comes back.</summary>
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void SessionsOpenAndCloseForEver(bool isInVcore)
    {
        MachineResult result = Run(isInVcore, "open-and-close", "service-tells", Client("open-and-close", true));
        result.Require(ExitStatus.Success);
        Assert.Contains(
            result.Lines,
            line => line.EndsWith("asked by \"odd-client -> mine\" with \"size=3\" at 0+1 giving 8192+3")
        );
        Assert.Contains(result.Lines, line => line.EndsWith("opened 1000, closed 1000"));
    }

    /// <summary>The service uses what it was given when it is closed: it is told, and its client gets it back later.</summary>
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void WhatAServiceStillUsesComesBackLater(bool isInVcore)
    {
        MachineResult result = Run(isInVcore, "service-keeps", "service-keeps", Client("gets-back-later", true));
        result.Require(ExitStatus.Success);
        Assert.Single(result.Lines, line => line.Contains("a closed session's donation is still in use"));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void AClientHasAsManySessionsAsItMay(bool isInVcore) =>
        Run(isInVcore, "open-too-many", "service-tells", Client("open-too-many", true)).Require(ExitStatus.Success);

    /// <summary>It is refused, or loses nothing; those that ask for a session later get one.</summary>
    [Theory]
    [InlineData(true, "pass-foreign")]
    [InlineData(true, "make-maps")]
    [InlineData(true, "attach-rom")]
    [InlineData(false, "attach-rom")]
    [InlineData(false, "pass-foreign")]
    [InlineData(false, "make-maps")]
    public void WhoTakesAllThereIsTakesItFromNobody(bool isInVcore, string word) =>
        Run(isInVcore, word, "service-tells", Client(word, true)).Require(ExitStatus.Success);

    /// <summary>
    /// A child that has its parent know of it whatever its account allows, before others ask for anything: they have all that
    /// their accounts say.
    /// </summary>
    [Theory]
    [InlineData(true, "takes-maps")]
    [InlineData(true, "takes-handlers")]
    [InlineData(true, "takes-regions")]
    [InlineData(true, "takes-pages")]
    [InlineData(false, "takes-maps")]
    [InlineData(false, "takes-handlers")]
    [InlineData(false, "takes-regions")]
    [InlineData(false, "takes-pages")]
    public void WhatOneTakesLacksNobody(bool isInVcore, string word)
    {
        string children =
            ParentSystem.Ping.Replace("CPU", "1")
            + $$"""
                , { "name": "odd-service", "binary": "unruly", "arguments": "{{word}}", "affinity": { "x": 0 },
                "ram": "6M", "capabilities": 3000, "provides": ["Odd"] HOME }
                """
            + Client("has-its-own", true);
        ParentSystem.Run(isInVcore, word, children).Require(ExitStatus.Success);
    }

    /// <summary>One has all the sessions of a service of core's that it may have, and so has another then.</summary>
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void WhoHasAllHisSessionsAtCoreLeavesOthersTheirs(bool isInVcore)
    {
        string service = """
            , { "name": "odd-service", "binary": "unruly", "arguments": "takes-sessions", "affinity": { "x": 0 },
            "ram": "2M", "capabilities": 300, "provides": ["Odd"] HOME }
            """;
        string children = ParentSystem.Ping.Replace("CPU", "1") + service + Client("has-its-sessions", true);
        ParentSystem.Run(isInVcore, "takes-sessions", children).Require(ExitStatus.Success);
    }

    /// <summary>
    /// A child that its server has nothing left to hold by crashes: it is reported and destroyed, so that who waits for its
    /// service is told.
    /// </summary>
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void WhoTakesAllAndCrashesStopsNobody(bool isInVcore)
    {
        string service = """
            { "name": "odd-service", "binary": "unruly", "arguments": "takes-all-and-crashes", "affinity": { "x": 0 },
            "ram": "16M", "capabilities": 3600, "provides": ["Odd"] HOME }
            """;
        MachineResult result = ParentSystem.Run(isInVcore, "takes-all", service + Client("is-denied", true));
        result.Require(ExitStatus.Success);
        Assert.Contains(result.Lines, line => line.Contains("child odd-service faulted: write to 0x8 (no region)"));
    }

    /// <summary>
    /// Clients end inside their calls, by each way that there is: the service works on their time, and goes on without it.
    /// </summary>
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void WhoEndsInsideACallKeepsNobodyFromTheService(bool isInVcore)
    {
        string clients = Client("calls", true);
        foreach (string word in new[] { "callers-end", "caller-crashes" })
        {
            clients += Client(word, word == "callers-end").Replace("odd-client", word);
        }
        MachineResult result = Run(isInVcore, "callers-end", "service-tells", clients);
        result.Require(ExitStatus.Success);
        Assert.Contains(result.Lines, line => line.Contains("child caller-crashes faulted"));
    }

    private static string Client(string word, bool isEssential) =>
        $$"""
            , { "name": "odd-client", "binary": "unruly", "arguments": "{{word}}", "affinity": { "x": 0 },
            "essential": {{(isEssential ? "true" : "false")}}, "ram": "2M", "capabilities": 300,
            "routes": [{ "service": "Odd", "to": "child:odd-service" }, { "to": "parent" }] HOME }
            """;

    private static MachineResult Run(bool isInVcore, string name, string service, string clients)
    {
        string children =
            ParentSystem.Ping.Replace("CPU", "1")
            + $$"""
                , { "name": "odd-service", "binary": "unruly", "arguments": "{{service}}", "affinity": { "x": 0 },
                "ram": "1M", "capabilities": 100, "provides": ["Odd"] HOME }
                """
            + clients;
        return ParentSystem.Run(isInVcore, $"sessions-{name}", children);
    }
}
