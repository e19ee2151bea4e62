using System.Linq;
using Skerry.Abi.Boot;
using Skerry.Base.Needs;
using Skerry.Core.Placement;
using Xunit;

namespace Skerry.Tests.Host.Placement;

/// <summary>Numbers of clusters, with those that are parked and without.</summary>
public sealed class ClusterNumbersTests
{
    [Theory]
    [InlineData(new int[0], new uint[] { 0, 1, 2, 3, 4 })]
    [InlineData(new[] { 1 }, new uint[] { 0, 2, 3, 4 })]
    [InlineData(new[] { 1, 2, 4 }, new uint[] { 0, 3 })]
    public void WhatRunsHasTheNumberThatIsMeant(int[] parked, uint[] meant)
    {
        var numbers = ClusterNumbers.Of(PlayedMachine.Of(5, parked));
        Assert.Equal(meant, Enumerable.Range(0, meant.Length).Select(running => numbers.Meant((uint)running)));
        Assert.Equal(parked, Enumerable.Range(0, 6).Where(number => numbers.IsParked((uint)number)));
    }

    [Fact]
    public void WhatIsParkedKeepsItsNumber() => Assert.Equal(200u, new ClusterNumbers().Meant(ParkedCluster.Of(200)));

    [Fact]
    public void ThereAreAsManyAsCpus()
    {
        MachineCpu[] cpus = PlayedMachine.Of(255, [.. Enumerable.Range(1, 253)]);
        Assert.Equal(254u, ClusterNumbers.Of(cpus).Meant(1));
    }
}
