using System;
using Skerry.Boot.Acpi;
using Xunit;

namespace Skerry.Tests.Host.Boot;

public sealed class RootPointerTests
{
    [Fact]
    public void ReadsQemusPointerAndItsTable()
    {
        byte[] pointer = TableFile.Read("4x4", "RSDP");
        Assert.Equal(TableStatus.Valid, RootPointer.Read(pointer, out RootPointer read));
        Assert.NotEqual(0ul, read.Rsdt);
        Assert.Equal(0ul, read.Xsdt);
        Assert.Equal(TableStatus.Valid, RootTable.ReadRsdt(TableFile.Read("4x4", "RSDT"), out RootTable root));
        Assert.Equal(6, root.Count);
        Assert.All(new[] { root[0], root[5] }, address => Assert.InRange(address, 1ul << 20, 1ul << 32));
    }

    [Fact]
    public void ReadsAnExtendedPointer()
    {
        Assert.Equal(TableStatus.Valid, RootPointer.Read(Extended(), out RootPointer read));
        Assert.Equal((0x1000ul, 0x1_0000_2000ul), (read.Rsdt, read.Xsdt));
    }

    [Fact]
    public void ABrokenExtensionLeavesTheRsdt()
    {
        byte[] bytes = Extended();
        bytes[30] ^= 1;
        Assert.Equal(TableStatus.BadChecksum, RootPointer.Read(bytes, out RootPointer read));
        Assert.Equal((0x1000ul, 0ul), (read.Rsdt, read.Xsdt));
        Assert.Equal(TableStatus.BadLength, RootPointer.Read(Extended().AsSpan(0, 20), out read));
        Assert.Equal(0x1000ul, read.Rsdt);
    }

    [Fact]
    public void RefusesWhatIsNoPointer()
    {
        byte[] bytes = Extended();
        Assert.Equal(TableStatus.Missing, RootPointer.Read([], out _));
        Assert.Equal(TableStatus.TooShort, RootPointer.Read(bytes.AsSpan(0, 19), out _));
        bytes[16] ^= 1;
        Assert.Equal(TableStatus.BadChecksum, RootPointer.Read(bytes, out _));
        bytes[0] ^= 1;
        Assert.Equal(TableStatus.BadSignature, RootPointer.Read(bytes, out _));
    }

    [Fact]
    public void ATruncatedLastEntryOfARootTableIsNotRead()
    {
        byte[] table = TableFile.Make("XSDT", [1, 0, 0, 0, 0, 0, 0, 0, 2, 0, 0]);
        Assert.Equal(TableStatus.Valid, RootTable.ReadXsdt(table, out RootTable root));
        Assert.Equal(1, root.Count);
        Assert.Equal(1ul, root[0]);
    }

    private static byte[] Extended()
    {
        byte[] bytes = new byte[36];
        "RSD PTR "u8.CopyTo(bytes);
        (bytes[15], bytes[17], bytes[20], bytes[25], bytes[28]) = (2, 0x10, 36, 0x20, 1);
        bytes[8] = (byte)-TableHeader.Sum(bytes.AsSpan(0, 20));
        bytes[32] = (byte)-TableHeader.Sum(bytes);
        return bytes;
    }
}
