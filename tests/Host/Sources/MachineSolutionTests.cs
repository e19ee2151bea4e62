using System.IO;
using System.Linq;
using System.Text.Json;
using System.Text.RegularExpressions;
using System.Xml.Linq;
using Skerry.Qemu;
using Xunit;

namespace Skerry.Tests.Host.Sources;

/// <summary>Machine.slnf has every project whose image can be booted, and <c>make run</c> looks at all that they read.</summary>
public sealed class MachineSolutionTests
{
    private static readonly string _root = Repository.Locate().Root;

    /// <summary>Folders that the Makefile and build.ps1 leave out of what they look at.</summary>
    private static readonly Regex _leftOut = new("(^|/)(tests|Checking)/");

    private static readonly string[] _projects =
    [
        .. JsonDocument
            .Parse(File.ReadAllText(Path.Combine(_root, "Machine.slnf")))
            .RootElement.GetProperty("solution")
            .GetProperty("projects")
            .EnumerateArray()
            .Select(project => project.GetString()!),
    ];

    [Fact]
    public void ItHasAllButTheTestsAndTheKernelThatChecksItself()
    {
        string[] all =
        [
            .. XDocument
                .Load(Path.Combine(_root, "Skerry.slnx"))
                .Descendants("Project")
                .Select(project => project.Attribute("Path")!.Value),
        ];
        Assert.Equal(all.Where(project => !_leftOut.IsMatch(project)), _projects);
        Assert.Equal(3, all.Length - _projects.Length);
    }

    [Fact]
    public void NoneOfThemReadsWhatIsLeftOut()
    {
        foreach (string project in _projects)
        {
            string[] read =
            [
                .. XDocument
                    .Load(Path.Combine(_root, project))
                    .Descendants()
                    .Select(item => item.Attribute("Include")?.Value ?? ""),
            ];
            Assert.DoesNotContain(read, _leftOut.IsMatch);
        }
        Assert.Contains("Checking/**", File.ReadAllText(Path.Combine(_root, "kernel", "Skerry.Kernel.csproj")));
    }

    [Theory]
    [InlineData("Makefile", "-path ./tests -o -path ./kernel/Checking)")]
    [InlineData("build.ps1", "'^(tests|kernel/Checking)(/|$)'")]
    public void BothLeaveOutTheseFoldersAlone(string file, string folders) =>
        Assert.Contains(folders, File.ReadAllText(Path.Combine(_root, file)));
}
