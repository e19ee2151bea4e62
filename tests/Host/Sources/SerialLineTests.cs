using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Text.RegularExpressions;
using Skerry.Qemu;
using Xunit;

namespace Skerry.Tests.Host.Sources;

/// <summary>Every kind of line that programs read is described in docs/serial-lines.md, and none that nothing prints.</summary>
public sealed class SerialLineTests
{
    private static readonly string _root = Repository.Locate().Root;

    /// <summary>Everything that runs on the target.</summary>
    private static readonly string[] _target = ["boot", "kernel", "base", "core", "vcore", "apps"];

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

    private static IEnumerable<string> Sources(string part) =>
        Directory
            .EnumerateFiles(Path.Combine(_root, part), "*.cs", SearchOption.AllDirectories)
            .Select(File.ReadAllText);

    private static IEnumerable<string> Printed(string source) => Kinds(source, "\"(?:\\\\n)?@([a-z]+)[ \"]");

    private static IEnumerable<string> Described(string text) => Kinds(text, "^(?:    |### `)@([a-z]+)\\b");

    private static IEnumerable<string> Kinds(string text, string pattern) =>
        Regex.Matches(text, pattern, RegexOptions.Multiline).Select(match => match.Groups[1].Value).Distinct();
}
