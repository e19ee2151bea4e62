using System.IO;
using System.Linq;
using System.Xml.Linq;
using Skerry.Qemu;
using Skerry.Tests.Host.Qemu;
using Xunit;

namespace Skerry.Tests.Host.Sources;

/// <summary>All is built in one configuration, so that no run boots a mixture of two.</summary>
public sealed class ConfigurationTests
{
    [Fact]
    public void TheSolutionHasOne()
    {
        XDocument solution = XDocument.Load(Path.Combine(Repository.Locate().Root, "Skerry.slnx"));
        Assert.Equal("Release", solution.Descendants("BuildType").Single().Attribute("Name")!.Value);
    }

    [Theory]
    [InlineData("Release", true)]
    [InlineData("Debug", false)]
    public void AnotherIsRefusedBeforeAnythingIsBuilt(string configuration, bool isTaken)
    {
        string[] build = ["-t:PrepareForBuild", $"-p:Configuration={configuration}", "-nologo", "-v:quiet"];
        HostProgram run = HostProgram.Run("dotnet", ["msbuild", "kernel/Skerry.Kernel.csproj", .. build]);
        Assert.Equal(isTaken, run.Status == 0);
        Assert.Equal(!isTaken, run.Output.Contains("Skerry has one configuration, Release, and no Debug"));
        Assert.False(Directory.Exists(Path.Combine(Repository.Locate().Output, "obj", "Skerry.Kernel", "debug")));
    }
}
