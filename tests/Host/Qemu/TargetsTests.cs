using System.IO;
using System.Linq;
using System.Text.RegularExpressions;
using Skerry.Qemu;
using Xunit;

namespace Skerry.Tests.Host.Qemu;

/// <summary>The Makefile and build.ps1 offer the same.</summary>
public sealed class TargetsTests
{
    private static readonly string _root = Repository.Locate().Root;

    [Fact]
    public void BothHaveTheSameTargets()
    {
        string[] make = Matches("Makefile", @"^\t@echo 'make (\w+) ");
        string[] power = Matches("build.ps1", @"^    '(\w+)' \{");
        Assert.NotEmpty(make);
        Assert.Equal(make.Append("help").Order(), power.Order());
    }

    [Fact]
    public void EveryTargetThatHelpNamesIsOne()
    {
        string[] helped = Matches("Makefile", @"^\t@echo 'make (\w+) ");
        string[] phony = Matches("Makefile", @"^(\w+):(?!=)");
        Assert.Empty(helped.Except(phony));
    }

    [Fact]
    public void BothHaveTheSameVariables()
    {
        string[] make = Matches("Makefile", @"^([A-Z]+) \?=");
        string[] power = Matches("build.ps1", @"^    \[(?:string|int)\] \$(\w+) =");
        Assert.Equal(
            make.Order(),
            power.Where(name => name != "Target").Select(name => name.ToUpperInvariant()).Order()
        );
    }

    [Theory]
    [InlineData("test", "--soak", "--suite")]
    [InlineData("bench", "--cluster", "--config", "--mitigations", "--suite", "--topology")]
    [InlineData("run", "--cluster", "--config", "--kvm", "--mitigations", "--topology")]
    public void BothPassTheSameOptionsOn(string target, params string[] options)
    {
        Assert.Equal(options, MakeOptions(target));
        Assert.Equal(options, PowerOptions(target));
    }

    /// <summary>All pages say the same; and build.ps1 passes on what it is given, as a number would make 2 of 1.5.</summary>
    [Theory]
    [InlineData("Makefile", "0 to 1000")]
    [InlineData("build.ps1", "-Soak 0 to 1000")]
    [InlineData("build.ps1", "[string] $Soak")]
    [InlineData("docs/testing.md", "2: twice that, up to 1000")]
    public void PagesSayHowLongASoakMayBe(string file, string words)
    {
        Assert.Contains(words, File.ReadAllText(Path.Combine(_root, file)));
        HostProgram run = HostProgram.Skerry("test", "--soak", "1001");
        Assert.Contains("--soak must be a number from 0 to 1000, not \"1001\"", run.Error);
    }

    /// <summary>The options of a target's recipe, variables replaced by what they stand for.</summary>
    private static string[] MakeOptions(string target) =>
        Options(
            Matches("Makefile", $@"^{target}:[^\n]*\n\t@\$\(SKERRY\) (.*)$").Single(),
            @"\$\((\w+)\)",
            name => Matches("Makefile", $"^{name} :?= (.*)$")
        );

    /// <summary>The same; what is added to a variable later counts, too.</summary>
    private static string[] PowerOptions(string target) =>
        Options(
            Matches("build.ps1", $"^    '{target}' (.*)$").Single(),
            @"\$(\w+)",
            name => Matches("build.ps1", $@"^.*\${name} \+?= (.*)$")
        );

    private static string[] Options(string text, string variable, System.Func<string, string[]> valuesOf)
    {
        string[] values = Regex.Matches(text, variable).SelectMany(match => valuesOf(match.Groups[1].Value)).ToArray();
        return values
            .Where(value => Regex.IsMatch(value, @"^[@$-]"))
            .SelectMany(value => Regex.IsMatch(value, @"^\$") ? [.. valuesOf(value[1..])] : new[] { value })
            .Append(text)
            .SelectMany(value => Regex.Matches(value, @"--[a-z]+"))
            .Select(match => match.Value)
            .Distinct()
            .Order()
            .ToArray();
    }

    private static string[] Matches(string file, string pattern) =>
        Regex.Matches(Text(file), pattern, RegexOptions.Multiline).Select(match => match.Groups[1].Value).ToArray();

    /// <summary>With lines that go on put together.</summary>
    private static string Text(string file) =>
        Regex.Replace(File.ReadAllText(Path.Combine(_root, file)), @"\\\n\t*", "");
}
