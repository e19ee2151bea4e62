using System;
using Skerry.Boot.Acpi;
using Skerry.Boot.Topology;
using Skerry.Boot.Warnings;
using Xunit;

namespace Skerry.Tests.Host.Boot;

/// <summary>SLIT and HMAT, and the distances that become of them.</summary>
public sealed class DistanceTests
{
    [Fact]
    public void TakesTheSlit()
    {
        byte[] slit = TableFile.Read("asymmetric-distances", "SLIT");
        Assert.Equal([10, 21, 17, 31, 10, 28, 17, 40, 10], Distances(slit, [], 3, out int warnings));
        Assert.Equal(0, warnings);
    }

    [Fact]
    public void TakesLatenciesWhereThereIsNoSlit()
    {
        // 80 ns are 10; 170, 250, 240 and 310 ns as many times more; node 2 starts no accesses.
        byte[] hmat = TableFile.Read("asymmetric-distances", "HMAT");
        Assert.Equal([10, 21, 31, 30, 10, 38, 20, 20, 10], Distances([], hmat, 3, out _));
    }

    [Fact]
    public void WithoutTablesAllOthersAreEquallyFar() => Assert.Equal([10, 20, 20, 10], Distances([], [], 2, out _));

    [Fact]
    public void ImpossibleDistancesAreReplaced()
    {
        byte[] slit = TableFile.Make("SLIT", [2, 0, 0, 0, 0, 0, 0, 0], [11, 3, 31, 10]);
        Assert.Equal([10, 20, 31, 10], Distances(slit, [], 2, out int warnings));
        Assert.Equal(2, warnings);
    }

    [Fact]
    public void DomainsBeyondTheMatrixAreSaid()
    {
        byte[] slit = TableFile.Make("SLIT", [1, 0, 0, 0, 0, 0, 0, 0], [10]);
        Assert.Equal([10, 20, 20, 10], Distances(slit, [], 2, out int warnings));
        Assert.Equal(1, warnings);
    }

    [Fact]
    public void RefusesMatricesThatDoNotFit()
    {
        byte[] slit = TableFile.Make("SLIT", [3, 0, 0, 0, 0, 0, 0, 0], [10, 20, 20, 10]);
        Assert.Equal(TableStatus.BadLength, SlitReader.Read(slit, out _));
        byte[] huge = TableFile.Make("SLIT", [0, 0, 0, 0, 1, 0, 0, 0], [10]);
        Assert.Equal(TableStatus.BadLength, SlitReader.Read(huge, out _));
        byte[] none = TableFile.Make("SLIT");
        Assert.Equal(TableStatus.TooShort, SlitReader.Read(none, out _));
        byte[] hmat = TableFile.Read("asymmetric-distances", "HMAT");
        Assert.Equal(TableStatus.BadLength, HmatReader.Read(TableFile.Shortened(hmat, hmat.Length - 2), out _));
    }

    private static byte[] Distances(byte[] slitTable, byte[] hmatTable, int nodes, out int warningCount)
    {
        var machine = new MachineTopology();
        for (uint i = 0; i < nodes; i++)
        {
            machine.AddNode(i);
        }
        SlitReader.Read(slitTable, out SlitReader slit);
        HmatReader.Read(hmatTable, out HmatReader hmat);
        var warnings = new WarningList();
        DistanceBuilder.Fill(ref machine, slit, hmat, ref warnings);
        warningCount = warnings.Count;
        byte[] distances = new byte[nodes * nodes];
        for (int i = 0; i < distances.Length; i++)
        {
            distances[i] = machine.Distance((uint)(i / nodes), (uint)(i % nodes));
        }
        return distances;
    }
}
