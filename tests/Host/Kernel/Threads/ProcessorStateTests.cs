using System.Collections.Generic;
using System.Linq;
using Skerry.Abi.Boot;
using Skerry.Kernel.Interrupts;
using Skerry.Kernel.Machine;
using Skerry.Kernel.Startup;
using Xunit;

namespace Skerry.Tests.Host.Kernel;

/// <summary>What a CPU's model-specific registers are asked for where QEMU's own processor has no other answer.</summary>
public sealed class ProcessorStateTests
{
    private const uint Capabilities = 0x179;
    private const uint FirstOfVmx = 0x480;

    [Theory]
    [InlineData(0)]
    [InlineData(10)]
    [InlineData(32)]
    [InlineData(33)]
    [InlineData(255)]
    public void EveryBankOfMachineChecksIsOpenedAndNothingBehindThem(ulong banks)
    {
        Hardware.ModelSpecificRegisters = new() { [Capabilities] = banks };
        MachineChecks.Enable();
        uint[] written = Hardware.ModelSpecificRegisters.Keys.Where(number => number >= 0x400).ToArray();
        Assert.Equal((int)(banks < 32 ? banks : 32) * 2, written.Length);
        Assert.DoesNotContain(written, number => number >= FirstOfVmx);
    }

    public static TheoryData<uint> Ranges => [0x2ff, 0x200, 0x20f, 0x250, 0x259, 0x268, 0x26f];

    [Theory]
    [MemberData(nameof(Ranges))]
    public void ACPUWhoseMTRRsAreOthersIsRefused(uint number)
    {
        ulong first = 0;
        Hardware.ModelSpecificRegisters = Firmware();
        Assert.True(MemoryTypeRanges.AreThoseOf(ref first));
        Assert.True(MemoryTypeRanges.AreThoseOf(ref first));
        Hardware.ModelSpecificRegisters[number] ^= 0x800;
        Assert.False(MemoryTypeRanges.AreThoseOf(ref first));
        Hardware.ModelSpecificRegisters = Firmware();
        Assert.True(MemoryTypeRanges.AreThoseOf(ref first));
    }

    [Fact]
    public void EveryMTRRHasOnePlace()
    {
        uint[] numbers = Enumerable.Range(0, 32).Select(i => MemoryTypeRegisters.At(0x1ff, (uint)i)).ToArray();
        Assert.Equal(MemoryTypeRegisters.MaximumCount, MemoryTypeRegisters.Count(0x1ff));
        Assert.Equal(32, numbers.Distinct().Count());
        Assert.Equal(0x213u, numbers.Where(number => number < 0x250).Max());
        Assert.Equal(1u, MemoryTypeRegisters.Count(0));
        Assert.Equal(0x200u, MemoryTypeRegisters.At(2, 1));
    }

    /// <summary>As SeaBIOS leaves them in QEMU: eight variable ranges, and the fixed ones.</summary>
    private static Dictionary<uint, ulong> Firmware() =>
        new()
        {
            [0xfe] = 0x508,
            [0x2ff] = 0xc06,
            [0x200] = 0x8000_0000,
            [0x201] = 0xff_8000_0800,
            [0x20f] = 0,
            [0x250] = 0x0606_0606_0606_0606,
            [0x259] = 0,
            [0x268] = 0x0505_0505_0505_0505,
            [0x26f] = 0x0505_0505_0505_0505,
        };
}
