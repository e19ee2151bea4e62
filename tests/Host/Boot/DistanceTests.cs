using System;
using System.Buffers.Binary;
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
    public void EachLatencyStructureCounts()
    {
        // A row of its own for each initiator; the second in another unit, and behind one that tells bandwidth.
        byte[] hmat = TableFile.Make(
            "HMAT",
            new byte[4],
            Matrix(dataType: 0, unit: 1000, initiator: 0, 100, 400),
            Matrix(dataType: 3, unit: 1, initiator: 1, 7, 7),
            Matrix(dataType: 0, unit: 2000, initiator: 1, 250, 50)
        );
        Assert.Equal([10, 40, 50, 10], Distances([], hmat, 2, out int warnings));
        Assert.Equal(0, warnings);
    }

    [Fact]
    public void WhatCannotBeReachedIsAsFarAsCanBe()
    {
        byte[] hmat = TableFile.Make(
            "HMAT",
            new byte[4],
            Matrix(dataType: 0, unit: 0, initiator: 0, 100, 0xffff),
            Matrix(dataType: 0, unit: 0, initiator: 1, 200, 0xffff)
        );
        Assert.Equal([10, 255, 20, 10], Distances([], hmat, 2, out _));
    }

    [Fact]
    public void LatenciesOfAnySizeAreCompared()
    {
        byte[] hmat = TableFile.Make(
            "HMAT",
            new byte[4],
            Matrix(dataType: 0, unit: ulong.MaxValue, initiator: 0, 0xff00, 0xfffe),
            Matrix(dataType: 0, unit: ulong.MaxValue, initiator: 1, 0xfffe, 0x000f)
        );
        Assert.Equal([10, 10, 254, 10], Distances([], hmat, 2, out _));
    }

    [Fact]
    public void ASecondStructureThatDoesNotFitIsRefused()
    {
        byte[] second = Matrix(dataType: 0, unit: 1, initiator: 1, 2, 1);
        second[16] = 200;
        byte[] hmat = TableFile.Make("HMAT", new byte[4], Matrix(dataType: 0, unit: 1, initiator: 0, 1, 2), second);
        Assert.Equal(TableStatus.BadLength, HmatReader.Read(hmat, out HmatReader read));
        Assert.False(read.HasLatencies);
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
    public void WhatLiesBehindTheMatrixIsSaid()
    {
        byte[] slit = TableFile.Make("SLIT", [2, 0, 0, 0, 0, 0, 0, 0], [10, 31, 31, 10, 99, 99, 99]);
        Assert.Equal([10, 31, 31, 10], Distances(slit, [], 2, out int warnings));
        Assert.Equal(1, warnings);
    }

    [Theory]
    [InlineData(TableStatus.NamesNoNode, WarningReason.NamesNoNode)]
    [InlineData(TableStatus.BadLength, WarningReason.BadLength)]
    public void ATableThatIsNotUsedIsSaid(TableStatus status, WarningReason reason)
    {
        var warnings = new WarningList();
        TableWarnings.Add(WarningSource.Slit, status, ref warnings);
        Assert.Equal(reason, Assert.Single(warnings.Kept.ToArray()).Reason);
    }

    [Fact]
    public void RefusesMatricesThatDoNotFit()
    {
        byte[] slit = TableFile.Make("SLIT", [3, 0, 0, 0, 0, 0, 0, 0], [10, 20, 20, 10]);
        Assert.Equal(TableStatus.BadLength, SlitReader.Read(slit, out _));
        byte[] huge = TableFile.Make("SLIT", [0, 0, 0, 0, 1, 0, 0, 0], [10]);
        Assert.Equal(TableStatus.BadLength, SlitReader.Read(huge, out _));
        byte[] empty = TableFile.Make("SLIT", new byte[8]);
        Assert.Equal(TableStatus.NamesNoNode, SlitReader.Read(empty, out SlitReader none));
        Assert.Equal(0u, none.Size);
        Assert.Equal(TableStatus.TooShort, SlitReader.Read(TableFile.Make("SLIT"), out _));
        byte[] hmat = TableFile.Read("asymmetric-distances", "HMAT");
        Assert.Equal(TableStatus.BadLength, HmatReader.Read(TableFile.Shortened(hmat, hmat.Length - 2), out _));
    }

    /// <summary>Structure of one initiator and the targets from 0 on.</summary>
    private static byte[] Matrix(byte dataType, ulong unit, uint initiator, params ushort[] entries)
    {
        byte[] structure = new byte[32 + 4 + 4 * entries.Length + 2 * entries.Length];
        Span<byte> bytes = structure;
        structure[0] = 1;
        BinaryPrimitives.WriteInt32LittleEndian(bytes[4..], structure.Length);
        structure[9] = dataType;
        BinaryPrimitives.WriteInt32LittleEndian(bytes[12..], 1);
        BinaryPrimitives.WriteInt32LittleEndian(bytes[16..], entries.Length);
        BinaryPrimitives.WriteUInt64LittleEndian(bytes[24..], unit);
        BinaryPrimitives.WriteUInt32LittleEndian(bytes[32..], initiator);
        for (int i = 0; i < entries.Length; i++)
        {
            BinaryPrimitives.WriteInt32LittleEndian(bytes[(36 + 4 * i)..], i);
            BinaryPrimitives.WriteUInt16LittleEndian(bytes[(36 + 4 * entries.Length + 2 * i)..], entries[i]);
        }
        return structure;
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
