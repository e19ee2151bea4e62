using Skerry.Abi;
using Skerry.Kernel.Interrupts;
using Xunit;

namespace Skerry.Tests.Host.Kernel;

/// <summary>The bits of an I/O APIC's entry, and of a message, as the manuals number them.</summary>
public sealed class RedirectionEntryTests
{
    [Theory]
    [InlineData(0x30, 0, InterruptFlags.None, false, 0x0000_0000_0000_0030ul)]
    [InlineData(0xef, 254, InterruptFlags.None, true, 0xfe00_0000_0001_00eful)]
    [InlineData(0x41, 1, InterruptFlags.Level, false, 0x0100_0000_0000_8041ul)]
    [InlineData(0x41, 1, InterruptFlags.ActiveLow, false, 0x0100_0000_0000_2041ul)]
    [InlineData(0xe3, 16, InterruptFlags.All, true, 0x1000_0000_0001_a0e3ul)]
    public void AnEntryHasTheDatasheetSBits(int vector, uint apicId, InterruptFlags flags, bool masked, ulong expected)
    {
        RedirectionEntry entry = RedirectionEntry.For(vector, apicId, flags, masked);
        Assert.Equal(expected, entry.Value);
        Assert.Equal(((byte)vector, masked), (entry.Vector, entry.IsMasked));
        Assert.Equal(expected, entry.Low | (ulong)entry.High << 32);
    }

    [Fact]
    public void AClosedOneIsMaskedAndNobodyS()
    {
        Assert.Equal(0x1_0000ul, RedirectionEntry.Closed.Value);
        Assert.Equal(0, RedirectionEntry.Closed.Vector);
    }

    /// <summary>Intel SDM vol. 3A, 11.11: destination in bits 19 to 12; fixed, edge: the data is the vector.</summary>
    [Fact]
    public void AMessageHasTheManualSBits()
    {
        Assert.Equal(0xfee0_3000ul, RedirectionEntry.MessageAddress(3));
        Assert.Equal(0xfeef_e000ul, RedirectionEntry.MessageAddress(254));
        Assert.Equal(0xe7ul, RedirectionEntry.MessageData(0xe7));
    }
}
