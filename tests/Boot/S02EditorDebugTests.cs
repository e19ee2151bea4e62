using System;
using System.Collections.Generic;
using System.Diagnostics;
using System.IO;
using System.Linq;
using System.Net;
using System.Net.Sockets;
using System.Text.Json;
using Skerry.Qemu;
using Skerry.Qemu.Machines;
using Skerry.Qemu.Topologies;
using Xunit;

namespace Skerry.Tests.Boot;

/// <summary>The launch "kernel in QEMU" of .vscode: gdb does with its commands what the editor would have it do.</summary>
[Collection(QemuCollection.Name)]
public sealed class S02EditorDebugTests
{
    private const string EditorPort = "127.0.0.1:1234";

    [Theory]
    [InlineData("SystemCallEntry", true)]
    [InlineData("NoSuchEntry", false)]
    public void ItStopsInTheKernelWithItsSource(string entry, bool stops)
    {
        Assert.SkipUnless(IsInstalled("gdb"), "gdb is not installed; \"make setup-debug\" does that");
        int port = FreePort();
        MachineOptions options = Guest.Options(
            TopologyCatalog.Load(Repository.Locate(), "1x1"),
            ClusterMode.L2,
            "editor",
            Guest.Smallest()
        );
        using QemuMachine machine = QemuMachine.Start(options with { DebuggerPort = port });
        string? stop = RunDebugger(
            Commands()
                .Select(command => command.Replace(EditorPort, $"127.0.0.1:{port}"))
                .Select(command => command.Replace("SystemCallEntry", entry))
        );
        Assert.Equal(stops, stop is not null);
        if (stop is not null)
        {
            Assert.Contains(
                "fullname=\"" + Path.Combine(Repository.Locate().Root, "kernel/Entry/SystemCallStubs.cs"),
                stop
            );
        }
    }

    /// <summary>As the C/C++ extension gives them to gdb.</summary>
    private static IEnumerable<string> Commands()
    {
        string root = Repository.Locate().Root;
        string text = File.ReadAllText(Path.Combine(root, ".vscode", "launch.json"));
        var skip = new JsonDocumentOptions { CommentHandling = JsonCommentHandling.Skip };
        JsonElement launch = JsonDocument
            .Parse(text, skip)
            .RootElement.GetProperty("configurations")
            .EnumerateArray()
            .Single(entry => entry.GetProperty("type").GetString() == "cppdbg");
        foreach (JsonProperty map in launch.GetProperty("sourceFileMap").EnumerateObject())
        {
            yield return $"-gdb-set substitute-path {map.Name} {root}";
        }
        foreach (string list in new[] { "setupCommands", "customLaunchSetupCommands" })
        {
            foreach (JsonElement command in launch.GetProperty(list).EnumerateArray())
            {
                yield return command.GetProperty("text").GetString()!.Replace("${workspaceFolder}", root);
            }
        }
        yield return $"-{launch.GetProperty("launchCompleteCommand").GetString()}";
    }

    /// <returns>gdb's record of the breakpoint that was hit; null if something else came.</returns>
    private static string? RunDebugger(IEnumerable<string> commands)
    {
        var start = new ProcessStartInfo("gdb", ["-q", "-nx", "-i=mi"])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
        };
        using Process debugger = Process.Start(start)!;
        foreach (string command in commands)
        {
            debugger.StandardInput.WriteLine(command);
        }
        debugger.StandardInput.Flush();
        string? end = null;
        while (end is null && debugger.StandardOutput.ReadLine() is { } line)
        {
            bool isEnd = line.StartsWith("*stopped,reason") || line.StartsWith("^error");
            end = isEnd ? line : null;
        }
        debugger.Kill();
        debugger.WaitForExit();
        return end?.Contains("breakpoint-hit") == true ? end : null;
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    private static bool IsInstalled(string program) =>
        (Environment.GetEnvironmentVariable("PATH") ?? "")
            .Split(Path.PathSeparator)
            .Any(directory => File.Exists(Path.Combine(directory, program)));
}
