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

    private static string[] Matches(string file, string pattern) =>
        Regex
            .Matches(File.ReadAllText(Path.Combine(_root, file)), pattern, RegexOptions.Multiline)
            .Select(match => match.Groups[1].Value)
            .ToArray();
}
