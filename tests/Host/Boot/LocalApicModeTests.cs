using Skerry.Abi.Boot;
using Xunit;

namespace Skerry.Tests.Host.Boot;

/// <summary>What is composed for the two modes (Intel SDM vol. 3A, tables 11-1 and 11-6, figures 11-12, 11-26 and 11-28).</summary>
public sealed class LocalApicModeTests
{
    [Theory]
    [InlineData(0x020, 0x802)]
    [InlineData(LocalApicMode.EndOfInterrupt, 0x80b)]
    [InlineData(0x270, 0x827)]
    [InlineData(LocalApicMode.Command, 0x830)]
    [InlineData(0x3e0, 0x83e)]
    public void ARegisterIsAModelSpecificOne(int offset, uint number) =>
        Assert.Equal(number, LocalApicMode.RegisterOf(offset));

    [Theory]
    [InlineData(0u, 0x4500u, 0x0000_0000_0000_4500ul)]
    [InlineData(0x1c7u, 0x4608u, 0x0000_01c7_0000_4608ul)]
    [InlineData(0xffff_fffeu, 0xf5u, 0xffff_fffe_0000_00f5ul)]
    public void AWideCommandHasADestinationOf32Bits(uint apicId, uint low, ulong command) =>
        Assert.Equal(command, LocalApicMode.WideCommand(apicId, low));

    [Fact]
    public void ANarrowDestinationIsTheHighestByte() =>
        Assert.Equal(0xfe00_0000u, LocalApicMode.NarrowDestination(254));

    [Theory]
    [InlineData(0xfee0_0900ul, true, false)] // as after reset, on the boot CPU
    [InlineData(0xfee0_0d00ul, false, true)]
    [InlineData(0xfee0_0000ul, false, false)] // off
    [InlineData(0xfee0_0400ul, false, false)] // no state that there is
    public void TheModeIsTwoBits(ulong register, bool isXApic, bool isX2) =>
        Assert.Equal((isXApic, isX2), (LocalApicMode.IsXApic(register), LocalApicMode.IsX2(register)));
}
