using System;
using System.Collections.Generic;
using System.Diagnostics;
using System.IO;
using System.Linq;
using System.Text.Json;
using System.Threading;
using Skerry.Qemu;
using Skerry.Qemu.Machines;
using Skerry.Qemu.Topologies;
using Xunit;

namespace Skerry.Tests.Boot;

/// <summary>The launches of .vscode for what runs in QEMU: gdb does with their commands what the editor would have it do.</summary>
[Collection(QemuCollection.Name)]
public sealed class S02EditorDebugTests
{
    private const string EditorPort = "127.0.0.1:1234";

    private static readonly TimeSpan _patience = TimeSpan.FromSeconds(60);

    [Theory]
    [InlineData("kernel in QEMU", "SystemCallEntry", "kernel/Entry/SystemCallStubs.cs")]
    [InlineData("kernel in QEMU", "NoSuchEntry", null)]
    [InlineData("component in QEMU", "core Core.Prepare", "core/Core.cs")]
    [InlineData("component in QEMU", "core Core.NoSuchMethod", null)]
    [InlineData("component in QEMU", "no-such-program Program.Main", null)]
    public void ItStopsWithItsSource(string launch, string place, string? file)
    {
        Assert.SkipUnless(IsInstalled("gdb"), "gdb is not installed; \"make setup-debug\" does that");
        int port = FreePort.Find();
        MachineOptions options = Guest.Options(
            TopologyCatalog.Load(Repository.Locate(), "1x1"),
            ClusterMode.L2,
            "editor",
            Guest.WithCore(Guest.Image("core"))
        );
        using QemuMachine machine = QemuMachine.Start(options with { DebuggerPort = port });
        string? stop = RunDebugger(
            Commands(launch)
                .Select(command => command.Replace(EditorPort, $"127.0.0.1:{port}"))
                .Select(command => command.Replace("SystemCallEntry", place))
                .Select(command => command.Replace("${input:program} ${input:method}", place))
        );
        Assert.Equal(file is not null, stop is not null);
        if (file is not null)
        {
            Assert.Contains("fullname=\"" + Path.Combine(Repository.Locate().Root, file), stop);
        }
    }

    /// <summary>As the C/C++ extension gives them to gdb.</summary>
    private static IEnumerable<string> Commands(string launch)
    {
        string root = Repository.Locate().Root;
        string text = File.ReadAllText(Path.Combine(root, ".vscode", "launch.json"));
        var skip = new JsonDocumentOptions { CommentHandling = JsonCommentHandling.Skip };
        JsonElement chosen = JsonDocument
            .Parse(text, skip)
            .RootElement.GetProperty("configurations")
            .EnumerateArray()
            .Single(entry => entry.GetProperty("name").GetString() == launch);
        foreach (JsonProperty map in chosen.GetProperty("sourceFileMap").EnumerateObject())
        {
            yield return $"-gdb-set substitute-path {map.Name} {root}";
        }
        foreach (string list in new[] { "setupCommands", "customLaunchSetupCommands" })
        {
            foreach (JsonElement command in chosen.GetProperty(list).EnumerateArray())
            {
                yield return command.GetProperty("text").GetString()!.Replace("${workspaceFolder}", root);
            }
        }
        yield return $"-{chosen.GetProperty("launchCompleteCommand").GetString()}";
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
        using var deadline = new Timer(_ => debugger.Kill(), null, _patience, Timeout.InfiniteTimeSpan);
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

    private static bool IsInstalled(string program) =>
        (Environment.GetEnvironmentVariable("PATH") ?? "")
            .Split(Path.PathSeparator)
            .Any(directory => File.Exists(Path.Combine(directory, program)));
}
