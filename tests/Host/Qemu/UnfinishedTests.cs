using Skerry.Qemu.Configuration;
using Skerry.Qemu.Machines;
using Xunit;

namespace Skerry.Tests.Host.Qemu;

/// <summary>What is said of a system whose time is over before its end.</summary>
public sealed class UnfinishedTests
{
    private const string Text = """
        {
          "children": [
            { "name": "alone", "binary": "x", "essential": true },
            { "name": "idle", "binary": "x" }
          ],
          "vcores": [{
            "name": "west", "cpus": { "clusters": [1] }, "memory": [{ "node": "local", "size": "2M" }],
            "children": [
              { "name": "server", "binary": "x", "provides": ["Ping", "Pong"] },
              { "name": "client", "binary": "x", "essential": true,
                "routes": [{ "service": "Ping", "to": "child:server" }] },
              { "name": "closed", "binary": "x", "essential": true, "routes": [{ "to": "parent" }] }
            ],
            "routes": [{ "service": "Pong", "to": "child:server" }, { "to": "child:client" }]
          }]
        }
        """;

    [Fact]
    public void EssentialChildrenAreNamedWithTheirProviders() =>
        Assert.Equal(
            [
                "alone has not ended",
                "west/client has not ended; Ping is routed to server, which has not ended; "
                    + "Pong is routed to server, which has not ended",
                "west/closed has not ended",
            ],
            Of(
                "core: child idle exited with 0",
                "[core/alone] core: child alone exited with 0",
                "vcore east: child closed exited with 0"
            )
        );

    [Theory]
    [InlineData("exited with 7")]
    [InlineData("failed: index out of range")]
    [InlineData("faulted: write to 0x8 (no region) at ip 0x400000")]
    public void WhatHasEndedIsNotNamed(string end) =>
        Assert.Equal(
            [
                "west/client has not ended; Ping is routed to server, which has ended; "
                    + "Pong is routed to server, which has ended",
            ],
            Of($"core: child alone {end}", $"vcore west: child closed {end}", $"vcore west: child server {end}")
        );

    [Fact]
    public void WhoIsStartedAgainHasNotEnded() =>
        Assert.Equal(
            [
                "alone has not ended",
                "west/client has not ended; Ping is routed to server, which has ended; "
                    + "Pong is routed to server, which has ended",
            ],
            Of(
                "core: child alone exited with 7",
                "core: child alone is started again, 1 of 2",
                "vcore west: child server faulted: write to 0x8",
                "vcore west: child server is started again, 1 of 1",
                "vcore west: child server faulted: write to 0x8",
                "vcore west: child closed exited with 0"
            )
        );

    [Fact]
    public void WhoWasNotStartedIsSaid() =>
        Assert.Equal(
            [
                "alone was not started",
                "west/client has not ended; Ping is routed to server, which was not started; "
                    + "Pong is routed to server, which was not started",
            ],
            Of(
                "core: child alone not started: no such program in the archive",
                "vcore west: child server faulted: write to 0x8",
                "vcore west: child server is started again, 1 of 1",
                "vcore west: child server not started: its file is no program",
                "vcore west: child closed exited with 0",
                "[west/client] vcore west: child server exited with 0"
            )
        );

    private static string[] Of(params string[] lines) => [.. Unfinished.Of(TestFiles.System(Text), lines)];
}
