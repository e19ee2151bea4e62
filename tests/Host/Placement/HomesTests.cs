using System;
using System.Text;
using Skerry.Base.Configuration;
using Skerry.Base.Text;
using Skerry.Core.Placement;
using Skerry.Qemu.Configuration;
using Skerry.Tests.Host.Qemu;
using Xunit;

namespace Skerry.Tests.Host.Placement;

/// <summary>Every child and vcore has a home, or it is said which has none, and why.</summary>
public sealed class HomesTests
{
    private static string Vcore(string cpus, string affinity = "0") =>
        $$"""
            { "vcores": [{ "name": "v", "cpus": {{cpus}}, "memory": [{ "node": "local", "size": "4M" }],
              "children": [{ "name": "a", "binary": "x", "essential": true, "affinity": { "x": {{affinity}} } }] }] }
            """;

    private static string CoreChild(string cluster) =>
        $$"""{ "children": [{ "name": "a", "binary": "x", "essential": true, "cluster": {{cluster}} }] }""";

    [Theory]
    [InlineData("\"boot\"")]
    [InlineData("0")]
    [InlineData("3")]
    public void AChildOfCoreHasItsCluster(string cluster) => Assert.Null(Homeless(CoreChild(cluster), 1));

    [Fact]
    public void AChildWhoseClusterIsParkedHasNone() =>
        Assert.Equal("child a has no home: cluster 1 has too little memory", Homeless(CoreChild("1"), 1));

    [Fact]
    public void AChildWhoseClusterIsNotThereHasNone() =>
        Assert.Equal("child a has no home: there is no cluster 4", Homeless(CoreChild("4"), 1));

    [Theory]
    [InlineData("""{ "clusters": [2] }""", "0")]
    [InlineData("""{ "clusters": [0, 2, 3] }""", "2")]
    [InlineData("""{ "nodes": [3] }""", "1")]
    [InlineData("""{ "cpus": [1, 4] }""", "9")]
    public void AVcoreHasItsCpus(string cpus, string affinity) => Assert.Null(Homeless(Vcore(cpus, affinity), 1));

    [Theory]
    [InlineData("""{ "clusters": [1] }""", "0")]
    [InlineData("""{ "clusters": [1, 2] }""", "1")]
    [InlineData("""{ "nodes": [0, 1] }""", "3")]
    [InlineData("""{ "cpus": [0, 2] }""", "1")]
    public void AChildAtAParkedPlaceHasNoHome(string cpus, string affinity) =>
        Assert.Equal(
            "child a of vcore v has no home: cluster 1 has too little memory",
            Homeless(Vcore(cpus, affinity), 1)
        );

    /// <summary>All children have a place, but an instance that was configured would be missing.</summary>
    [Theory]
    [InlineData("""{ "clusters": [1, 2] }""", "2")]
    [InlineData("""{ "clusters": [0, 1] }""", "0")]
    [InlineData("""{ "nodes": [0, 1, 2] }""", "0")]
    [InlineData("""{ "cpus": [0, 1, 2] }""", "0")]
    public void AVcoreWithAParkedPartHasNoHome(string cpus, string affinity) =>
        Assert.Equal("vcore v has no home: cluster 1 has too little memory", Homeless(Vcore(cpus, affinity), 1));

    [Theory]
    [InlineData("""{ "clusters": [0, 4] }""", "there is no cluster 4")]
    [InlineData("""{ "nodes": [4] }""", "there is no node with CPUs of number 4")]
    [InlineData("""{ "cpus": [0, 8] }""", "there is no CPU 8")]
    public void AVcoreThatNamesWhatIsNotThereHasNone(string cpus, string reason) =>
        Assert.Equal("vcore v has no home: " + reason, Homeless(Vcore(cpus), 1));

    /// <summary>Kernels have numbers without gaps; a configuration counts what is parked too.</summary>
    [Fact]
    public void AVcoreRunsWhereItsConfigurationMeans()
    {
        Assert.Equal(ConfigurationStatus.Ok, Open(Vcore("""{ "clusters": [2] }"""), out SystemConfiguration system));
        VcoreRecord vcore = system.Vcore(0);
        for (uint cluster = 0; cluster < 3; cluster++)
        {
            var place = VcorePlacement.Of(system, in vcore, PlayedMachine.Of(4, 1), cluster);
            Assert.Equal(cluster == 1 ? 2u : 0, place.CpuCount);
            Assert.Equal(cluster == 1, new Homes(system, PlayedMachine.Of(4, 1)).IsInhabited(cluster));
        }
    }

    private static string? Homeless(string text, params int[] parked)
    {
        Assert.Equal(ConfigurationStatus.Ok, Open(text, out SystemConfiguration system));
        Span<byte> buffer = stackalloc byte[200];
        var reason = new TextBuilder(buffer);
        bool exist = new Homes(system, PlayedMachine.Of(4, parked)).AllExist(ref reason);
        return exist ? null : Encoding.UTF8.GetString(reason.Text);
    }

    private static ConfigurationStatus Open(string text, out SystemConfiguration system) =>
        SystemConfiguration.Open(SystemWriter.Write(TestFiles.System(text)), out system);
}
