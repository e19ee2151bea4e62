using System;
using System.IO;
using System.Linq;
using System.Xml.Linq;
using Skerry.Qemu.Commands;
using Xunit;

namespace Skerry.Tests.Host.Qemu;

/// <summary>Whoever runs the tests is told how they went: by <c>dotnet test</c>, and by the reports of <c>make test</c>.</summary>
public sealed class TestRunTests : IDisposable
{
    private const int Passed = 0;

    // Microsoft.Testing.Platform's exit codes.
    private const int SomeFailed = 2;
    private const int NoneRan = 8;

    private readonly string _directory = Directory.CreateTempSubdirectory("skerry-reports").FullName;

    public void Dispose() => Directory.Delete(_directory, recursive: true);

    [Theory]
    [InlineData("*.ByteSizeTests", Passed, "failed: 0")]
    [InlineData("*.DeliberateFailure", SomeFailed, "failed: 1")]
    [InlineData("*.NoSuchTests", NoneRan, "total: 0")]
    public void DotnetTestRunsThem(string tests, int status, string summary)
    {
        string[] selection = ["--filter-class", tests, "--explicit", tests.Contains("Failure") ? "only" : "off"];
        string[] built = ["--no-build", "-c", HostProgram.Configuration];
        HostProgram run = HostProgram.Run(
            "dotnet",
            ["test", "--project", "tests/Skerry.Tests.csproj", .. built, .. selection]
        );
        Assert.Contains(summary, run.Output);
        Assert.Equal(status, run.Status);
    }

    [Fact]
    public void AFailureIsInTheReports()
    {
        var reports = new TestReports(_directory, "Skerry.Tests");
        reports.Clear();
        string program = HostProgram.Built("Skerry.Tests", "Skerry.Tests.dll");
        string[] selection = ["-class", "*.DeliberateFailure", "-explicit", "only"];
        HostProgram run = HostProgram.Run("dotnet", ["exec", program, .. reports.Arguments, .. selection]);
        Assert.NotEqual(Passed, run.Status);
        Assert.Equal("1", Report("junit.xml").Descendants("testsuite").Single().Attribute("failures")!.Value);
        XNamespace trx = "http://microsoft.com/schemas/VisualStudio/TeamTest/2010";
        Assert.Equal("Failed", Report("trx").Descendants(trx + "UnitTestResult").Single().Attribute("outcome")!.Value);
        Assert.Equal((0, 1), reports.Count());
        Assert.Equal("Skerry.Tests.Host.Qemu.DeliberateFailure.Fails: as it should", Assert.Single(reports.Failures()));
        // A run that crashes leaves none of it.
        reports.Clear();
        Assert.Contains("ended badly", Assert.Single(reports.Failures()));
        Assert.Empty(Directory.EnumerateFiles(_directory));
    }

    [Fact]
    public void MakeTestLeavesReports()
    {
        HostProgram run = HostProgram.Skerry("test", "--suite", "Host.Qemu.ByteSize", "--results", _directory);
        Assert.Equal(Passed, run.Status);
        int tests = (int)Report("junit.xml").Descendants("testsuite").Single().Attribute("tests")!;
        Assert.NotEqual(0, tests);
        Assert.Equal(tests, Report("trx").Descendants().Count(element => element.Name.LocalName == "UnitTestResult"));
        Assert.EndsWith($"{tests} passed, 0 failed{Environment.NewLine}", run.Output);
    }

    private XDocument Report(string suffix) => XDocument.Load(Path.Combine(_directory, $"Skerry.Tests.{suffix}"));
}
