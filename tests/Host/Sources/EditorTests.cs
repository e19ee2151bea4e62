using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Text.Json;
using System.Text.RegularExpressions;
using Skerry.Qemu;
using Xunit;

namespace Skerry.Tests.Host.Sources;

/// <summary>What Visual Studio Code is told (.vscode) names what is there.</summary>
public sealed class EditorTests
{
    private static readonly string _root = Repository.Locate().Root;
    private static readonly JsonElement[] _tasks = Entries("tasks.json", "tasks");
    private static readonly JsonElement[] _launches = Entries("launch.json", "configurations");

    [Fact]
    public void TasksAreTargetsOfTheMakefile()
    {
        string makefile = File.ReadAllText(Path.Combine(_root, "Makefile"));
        string[] targets =
        [
            .. _tasks.Where(task => Text(task, "command") == "make").Select(task => Arguments(task)[0]),
        ];
        Assert.Superset(new HashSet<string> { "build", "test", "run", "bench", "debug" }, targets.ToHashSet());
        Assert.All(targets, target => Assert.Matches(new Regex($"^{target}:", RegexOptions.Multiline), makefile));
    }

    [Fact]
    public void FilesThatAreNamedAreBuilt()
    {
        IEnumerable<string> named = _launches
            .Select(launch => Text(launch, "program"))
            .Concat(_tasks.SelectMany(Arguments).Where(argument => argument.EndsWith(".dll")));
        Assert.All(named, path => Assert.True(File.Exists(path.Replace("${workspaceFolder}", _root)), path));
    }

    [Fact]
    public void TasksThatAreNamedExist()
    {
        string[] labels = [.. _tasks.Select(task => Text(task, "label"))];
        Assert.Equal(labels.Length, labels.Distinct().Count());
        IEnumerable<string> named = _launches
            .Select(launch => Text(launch, "preLaunchTask"))
            .Concat(
                _tasks.Where(task => task.TryGetProperty("dependsOn", out _)).Select(task => Text(task, "dependsOn"))
            );
        Assert.Subset(labels.ToHashSet(), named.ToHashSet());
    }

    /// <summary>The task that waits for a debugger is ready when the tool says so; no other words would do.</summary>
    [Fact]
    public void TheToolSaysWhenItWaits()
    {
        JsonElement background = _tasks
            .Single(task => task.TryGetProperty("isBackground", out _))
            .GetProperty("problemMatcher")
            .GetProperty("background");
        Assert.Matches(
            Text(background, "endsPattern"),
            "skerry: 4x4: 4 nodes, 16 CPUs, emulated; log in /somewhere/out/log/4x4-l2-demo.log"
        );
        string source = File.ReadAllText(Path.Combine(_root, "qemu", "Commands", "RunCommand.cs"));
        Assert.Contains("$\"skerry: {machine}, {Describe(options.Accelerator)}; log in {options.LogFile}\"", source);
    }

    private static JsonElement[] Entries(string file, string list)
    {
        var options = new JsonDocumentOptions { CommentHandling = JsonCommentHandling.Skip };
        string text = File.ReadAllText(Path.Combine(_root, ".vscode", file));
        return [.. JsonDocument.Parse(text, options).RootElement.GetProperty(list).EnumerateArray()];
    }

    private static string Text(JsonElement element, string member) => element.GetProperty(member).GetString()!;

    private static string[] Arguments(JsonElement task) =>
        [.. task.GetProperty("args").EnumerateArray().Select(argument => argument.GetString()!)];
}
