using System;
using System.IO;
using System.Linq;
using Skerry.Tests.Host.Qemu;
using Xunit;

namespace Skerry.Tests.Boot;

/// <summary><c>skerry debug</c> drives gdb: it stops in the program that is named, and knows the line of C#.</summary>
[Collection(QemuCollection.Name)]
public sealed class S04DebugTests
{
    /// <summary>All components lie at the same addresses, and others start before ping-client does.</summary>
    [Theory]
    [InlineData("ping-client", "Program.Main", "PingClient_Program__Main", "apps/pingclient/Program.cs")]
    [InlineData("ping-server", "Program.Main", "PingServer_Program__Main", "apps/pingserver/Program.cs")]
    [InlineData("core", "CoreMain.Announce", "CoreMain__Announce", "core/CoreMain.cs")]
    [InlineData(
        "kernel",
        "FrameOperations.MapSome",
        "FrameOperations__MapSome",
        "kernel/Operations/FrameOperations.cs"
    )]
    [InlineData("kernel", "Fastpath.Call", "Fastpath__Call", "kernel/Ipc/Fastpath.cs")]
    public void ItStopsInAMethodOfAProgram(string image, string method, string symbol, string file)
    {
        SkipWithoutGdb();
        HostProgram run = Debug(image, method);
        Assert.Equal(0, run.Status);
        Assert.Contains(symbol, run.Output);
        Assert.Contains($"/skerry/{file}", run.Output);
    }

    [Theory]
    [InlineData("kernel", "Fastpath.NoSuchMethod", "has no symbol and no method \"Fastpath.NoSuchMethod\"")]
    [InlineData("no-such-program", "Program.Main", "no-such-program")]
    public void WhatIsNotThereIsSaid(string image, string method, string said)
    {
        HostProgram run = Debug(image, method);
        Assert.NotEqual(0, run.Status);
        Assert.Contains(said, run.Error);
    }

    private static HostProgram Debug(string image, string method) =>
        HostProgram.Skerry(
            "debug",
            "--topology",
            "1x1",
            "--image",
            image,
            "--break",
            method,
            "--gdb-command",
            "backtrace 1",
            "--gdb-command",
            "kill"
        );

    private static void SkipWithoutGdb()
    {
        string[] path = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator);
        bool isThere = path.Any(directory => File.Exists(Path.Combine(directory, "gdb")));
        Assert.SkipUnless(isThere, "gdb is not installed; \"make setup-debug\" does that");
    }
}
