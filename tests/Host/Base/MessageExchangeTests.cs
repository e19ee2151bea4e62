using FsCheck;
using FsCheck.Fluent;
using Skerry.Abi;
using Skerry.Base.Kernel;
using Skerry.Base.Rpc;
using Xunit;

namespace Skerry.Tests.Host.Base;

/// <summary>What a server finds after the kernel has delivered a message, however strange its sender made it.</summary>
public class MessageExchangeTests
{
    private const ulong Window = 100;

    [Theory]
    [InlineData(0b000u, 0, "---")]
    [InlineData(0b001u, 1, "0--")]
    [InlineData(0b100u, 1, "--0")]
    [InlineData(0b110u, 2, "-01")]
    [InlineData(0b111u, 3, "012")]
    // Fewer than were sent: the table had no room for the rest.
    [InlineData(0b110u, 1, "-0-")]
    [InlineData(0b101u, 0, "---")]
    // More than the label admits.
    [InlineData(0b010u, 2, "10-")]
    [InlineData(0b000u, 3, "012")]
    public void EachCapabilityHasItsPlace(uint mask, int arrived, string expected)
    {
        RpcMessage message = Load(mask, arrived);
        for (int i = 0; i < MessageLimits.MaximumCapabilities; i++)
        {
            Capability found = i < message.CapabilityCount ? message.Capabilities[i] : Capability.None;
            string place = found.IsNone ? "-" : $"{found.Slot.Value - Window}";
            Assert.Equal($"{expected[i]}", place);
        }
    }

    [Fact]
    public void NoCapabilityThatArrivedIsLost() =>
        Prop.ForAll<byte, byte>(
                (mask, arrived) =>
                {
                    int count = arrived % (MessageLimits.MaximumCapabilities + 1);
                    RpcMessage message = Load(mask & 7u, count);
                    uint seen = 0;
                    for (int i = 0; i < message.CapabilityCount; i++)
                    {
                        CapabilitySlot slot = message.Capabilities[i].Slot;
                        seen |= slot.IsNull ? 0 : 1u << (int)(slot.Value - Window);
                    }
                    Assert.Equal((1u << count) - 1, seen);
                }
            )
            .Check(Config.QuickThrowOnFailure.WithMaxTest(500));

    [Fact]
    public void ALengthBeyondTheMaximumIsRefusedByTheReader()
    {
        var message = new RpcMessage { Registers = new SystemCallFrame { Info = 0xff } };
        MessageExchange.Load(ref message);
        var reader = new MessageReader(ref message);
        Assert.Equal(0ul, reader.ReadWord());
        Assert.False(reader.IsComplete);
    }

    private static RpcMessage Load(uint mask, int arrived)
    {
        ref MessageBuffer buffer = ref SystemCalls.MessageBuffer;
        buffer.ReceiveSlot = Window;
        for (int i = 0; i < MessageLimits.MaximumCapabilities; i++)
        {
            buffer.Arrived[i] = (ulong)CapabilityArrival.Installed;
        }
        ulong label = RpcLabel.Request(1, 1).WithCapabilities(mask).Value;
        var frame = new SystemCallFrame { Info = MessageInfo.Of(label, 0, arrived).Value };
        var message = new RpcMessage { Registers = frame };
        MessageExchange.Load(ref message);
        return message;
    }
}
