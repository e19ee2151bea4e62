using System;
using FsCheck;
using FsCheck.Fluent;
using Skerry.Boot.Acpi;
using Skerry.Boot.Memory;
using Skerry.Boot.Topology;
using Skerry.Boot.Warnings;
using Skerry.Tests.Host.Qemu;
using Xunit;

namespace Skerry.Tests.Host.Boot;

/// <summary>
/// Whatever bytes a table has, it is read without leaving it: an access out of bounds would throw here. The broken
/// tables are real ones with bytes changed and a right checksum, so that they get past the header.
/// </summary>
public sealed class TableFuzzTests
{
    private const int Tries = 2000;

    [Theory]
    [InlineData("4x4", "APIC")]
    [InlineData("gaps", "SRAT")]
    [InlineData("asymmetric-distances", "SLIT")]
    [InlineData("asymmetric-distances", "HMAT")]
    [InlineData("4x4", "RSDT")]
    public void AnyChangeIsSurvived(string machine, string signature)
    {
        byte[] table = TableFile.Read(machine, signature);
        Gen<(int Place, byte Value)[]> changes = Gen.Choose(10, table.Length - 1)
            .Zip(Gen.Choose(0, 255), (place, value) => (place, (byte)value))
            .ArrayOf();
        Prop.ForAll(
                changes.ToArbitrary(),
                made =>
                {
                    byte[] broken = (byte[])table.Clone();
                    foreach ((int place, byte value) in made)
                    {
                        broken[place] = value;
                    }
                    ReadAll(TableFile.Sealed(broken));
                }
            )
            .Check(SoakConfig.Of(Tries));
    }

    [Theory]
    [InlineData("4x4", "APIC")]
    [InlineData("gaps", "SRAT")]
    [InlineData("asymmetric-distances", "SLIT")]
    [InlineData("asymmetric-distances", "HMAT")]
    public void AnyTruncationIsSurvived(string machine, string signature)
    {
        byte[] table = TableFile.Read(machine, signature);
        for (int length = 0; length < table.Length; length++)
        {
            ReadAll(table[..length]);
            if (length >= TableHeader.Length)
            {
                ReadAll(TableFile.Shortened(table, length));
            }
        }
    }

    [Fact]
    public void AnyBytesAreSurvived() =>
        Prop.ForAll<byte[]>(bytes =>
            {
                ReadAll(bytes);
                foreach (string signature in new[] { "APIC", "SRAT", "SLIT", "HMAT", "XSDT" })
                {
                    ReadAll(TableFile.Make(signature, bytes));
                }
            })
            .Check(SoakConfig.Of(Tries));

    private static void ReadAll(ReadOnlySpan<byte> table)
    {
        var warnings = new WarningList();
        var cpus = new CpuTable();
        var affinity = new AffinityTable();
        var machine = new MachineTopology();
        MadtReader.Read(table, ref cpus, ref warnings);
        var usable = new RangeSet();
        usable.Add(1ul << 20, 1ul << 40);
        SratReader.Read(table, ref usable, ref affinity, ref warnings);
        SlitReader.Read(table, out SlitReader slit);
        HmatReader.Read(table, out HmatReader hmat);
        machine.AddNode(0);
        machine.AddNode(1);
        DistanceBuilder.Fill(ref machine, slit, hmat, ref warnings);
        RootPointer.Read(table, out _);
        RootTable.ReadXsdt(table, out RootTable xsdt);
        RootTable.ReadRsdt(table, out RootTable rsdt);
        for (int i = 0; i < xsdt.Count; i++)
        {
            _ = xsdt[i];
        }
        for (int i = 0; i < rsdt.Count; i++)
        {
            _ = rsdt[i];
        }
        AssertAscending(ref affinity);
    }

    private static void AssertAscending(ref AffinityTable affinity)
    {
        for (int i = 1; i < affinity.Memory.Length; i++)
        {
            Assert.True(affinity.Memory[i - 1].End <= affinity.Memory[i].Base);
        }
    }
}
