using System.Collections.Generic;
using System.Linq;
using Skerry.Boot.Interrupts;
using Xunit;

namespace Skerry.Tests.Host.Boot;

public sealed class IoApicMaskingTests
{
    private const uint Inputs = 24;
    private const uint FirstIndex = 0x10;

    /// <summary>As a firmware may have left it: open, routed, some waiting for their end.</summary>
    [Fact]
    public void ClosesEveryInputAndNothingElse()
    {
        var registers = new Registers((Inputs - 1) << 16 | 0x20);
        Assert.Equal(Inputs, IoApicMasking.CloseAll(ref registers));
        Assert.Equal(
            Enumerable.Range((int)FirstIndex, (int)Inputs * 2).Select(index => (uint)index),
            registers.Written.Keys.Order()
        );
        Assert.All(registers.Written, written => Assert.Equal(written.Key % 2 == 0 ? 0x1_0000u : 0u, written.Value));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(uint.MaxValue)]
    public void WhereNoneAnswersNothingIsClosed(uint version)
    {
        var registers = new Registers(version);
        Assert.Equal(0u, IoApicMasking.CloseAll(ref registers));
        Assert.Empty(registers.Written);
    }

    private struct Registers(uint version) : IIoApicRegisters
    {
        public Dictionary<uint, uint> Written { get; } = [];

        public readonly uint Read(uint index) =>
            index switch
            {
                1 => version,
                _ => 0xc031,
            };

        public readonly void Write(uint index, uint value) => Written.Add(index, value);
    }
}
