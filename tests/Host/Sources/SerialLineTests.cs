using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Text;
using System.Text.RegularExpressions;
using Skerry.Base.Servers.Services;
using Skerry.Qemu;
using Xunit;

namespace Skerry.Tests.Host.Sources;

/// <summary>Every kind of line that programs read is described in docs/serial-lines.md, and none that nothing prints.</summary>
public sealed class SerialLineTests
{
    private static readonly string _root = Repository.Locate().Root;

    /// <summary>What every component runs on.</summary>
    private static readonly string[] _system = ["boot", "kernel", "base", "core", "vcore"];

    /// <summary>Everything that runs on the target.</summary>
    private static readonly string[] _target = [.. _system, "apps"];

    private static readonly string[] _forgers = ["faulty", "forger"];

    private static string Description => File.ReadAllText(Path.Combine(_root, "docs", "serial-lines.md"));

    [Fact]
    public void EachKindIsDescribed()
    {
        string[] printed = _target.SelectMany(Sources).SelectMany(Printed).Distinct().Order().ToArray();
        Assert.Contains("topology", printed);
        Assert.Empty(printed.Except(Described(Description)));
    }

    [Fact]
    public void EachKindDescribedIsPrinted()
    {
        IEnumerable<string> printed = _target.SelectMany(Sources).SelectMany(Printed);
        Assert.Empty(Described(Description).Except(printed));
    }

    [Fact]
    public void AKindThatNobodyDescribedIsSeen() =>
        Assert.Equal(["secret"], Printed("""Write("@secret value="u8);""").Except(Described(Description)));

    /// <summary>The page says which kinds are components'; all others are refused to them, also those that are yet to come.</summary>
    [Fact]
    public void AComponentWritesWhatThePageSays()
    {
        string[] components = [.. Described(Section("From components")).Order()];
        Assert.Equal(["bench", "test", "trace"], components);
        Assert.Equal(components, Described(Description).Where(MayWrite).Order());
        Assert.All(components, kind => Assert.Contains($"`@{kind}`", Section("Whose a line is")));
    }

    /// <summary>All but what base has for components to measure with.</summary>
    [Fact]
    public void WhatTheSystemPrintsIsNoComponents()
    {
        string[] shared = [.. Sources("base/Measurement").SelectMany(Printed)];
        Assert.Equal(["bench"], shared);
        string[] own = [.. _system.SelectMany(Sources).SelectMany(Printed).Except(shared)];
        Assert.Contains("restart", own);
        Assert.Contains("exit", own);
        Assert.DoesNotContain(own, MayWrite);
    }

    /// <summary>None is written in vain; but for those that are to be refused.</summary>
    [Fact]
    public void WhatComponentsPrintIsTheirs()
    {
        string[] components =
        [
            .. Directory
                .EnumerateFiles(Path.Combine(_root, "apps"), "*.csproj", SearchOption.AllDirectories)
                .Where(project => !File.ReadAllText(project).Contains("<ImageStubs>core"))
                .Select(project => Path.GetDirectoryName(project)!)
                .Where(folder => !_forgers.Contains(Path.GetFileName(folder))),
        ];
        string[] printed = [.. components.SelectMany(Sources).SelectMany(Printed).Distinct()];
        Assert.Contains("trace", printed);
        Assert.All(printed, kind => Assert.True(MayWrite(kind), kind));
    }

    private static bool MayWrite(string kind) => LogText.IsComponents(Encoding.ASCII.GetBytes($"@{kind} x"));

    private static string Section(string title) =>
        Regex.Match(Description, $"^## {title}$(.*?)(?=^## )", RegexOptions.Multiline | RegexOptions.Singleline).Value;

    /// <summary>All but the list of what components may write, which prints nothing.</summary>
    private static IEnumerable<string> Sources(string part) =>
        Directory
            .EnumerateFiles(Path.Combine(_root, part), "*.cs", SearchOption.AllDirectories)
            .Where(file => Path.GetFileName(file) != "LogText.cs")
            .Select(File.ReadAllText);

    private static IEnumerable<string> Printed(string source) => Kinds(source, "\"(?:\\\\n)?@([a-z]+)[ \"]");

    private static IEnumerable<string> Described(string text) => Kinds(text, "^(?:    |### `)@([a-z]+)\\b");

    private static IEnumerable<string> Kinds(string text, string pattern) =>
        Regex.Matches(text, pattern, RegexOptions.Multiline).Select(match => match.Groups[1].Value).Distinct();
}
