using Skerry.Abi;
using Skerry.Base.Kernel;
using Skerry.Base.Rpc;
using Skerry.Base.Servers.Services;
using Xunit;

namespace Skerry.Tests.Host.Servers.House;

/// <summary>Carries a message from a child to the server's entrypoint and back, as the kernel does.</summary>
internal static unsafe class Delivery
{
    /// <summary>Where a child finds what replies bring.</summary>
    private const uint FirstReceived = 600;

    /// <summary>Replaces the request by its reply. Capabilities are slots of the child's table on both ways.</summary>
    /// <param name="house">The server's.</param>
    /// <param name="child">Who calls.</param>
    /// <param name="target">The slot of the child's table that it calls.</param>
    /// <param name="message">The request, then the reply.</param>
    /// <param name="isHeld">There is no reply: the caller waits.</param>
    /// <param name="arrives">Whether capabilities do; if not, the label alone says that they were sent.</param>
    public static RpcStatus Call(
        ServerHouse house,
        int child,
        uint target,
        ref RpcMessage message,
        out bool isHeld,
        bool arrives = true
    )
    {
        isHeld = false;
        HeldCapability? called = house.CapabilityAt(child, target);
        if (
            called is not { Type: ObjectType.Endpoint, Badge: not 0 }
            || !TryReceive(house, child, ref message, arrives)
        )
        {
            return RpcStatus.NotDelivered;
        }
        message.Badge = called.Badge;
        var reply = new RpcMessage();
        _ = new MessageWriter(ref reply, RpcLabel.Reply(RpcStatus.UnknownMethod));
        isHeld = !new SessionEntrypoint(house.Server, 0).Handle(ref message, ref reply);
        if (isHeld)
        {
            return RpcStatus.NotDelivered;
        }
        if (reply.Label.Method != (uint)RpcStatus.Ok)
        {
            MessageExchange.DiscardCapabilities(ref message);
        }
        message = reply;
        SendBack(house, child, ref message);
        return (RpcStatus)message.Label.Method;
    }

    /// <summary>The server's own capabilities arrive as badges, others in slots of its table.</summary>
    private static bool TryReceive(ServerHouse house, int child, ref RpcMessage message, bool arrives)
    {
        uint mask = 0;
        for (int i = 0; i < message.CapabilityCount; i++)
        {
            uint slot = message.Capabilities[i].Slot.Value;
            if (slot != 0 && house.CapabilityAt(child, slot) is not { Type: not ObjectType.Reply })
            {
                return false;
            }
            mask |= slot != 0 ? 1u << i : 0;
        }
        message.Label = message.Label.WithCapabilities(mask);
        for (int i = 0; i < message.CapabilityCount; i++)
        {
            uint slot = message.Capabilities[i].Slot.Value;
            bool isNone = slot == 0 || !arrives;
            message.Capabilities[i] = isNone ? Capability.None : Arrived(house, house.CapabilityAt(child, slot)!);
        }
        return true;
    }

    private static Capability Arrived(ServerHouse house, HeldCapability sent)
    {
        if (sent is { Type: ObjectType.Endpoint, Badge: not 0 })
        {
            return Capability.OwnObject(sent.Badge);
        }
        Assert.True(
            CapabilitySlots.TryAllocate(out CapabilitySlot window),
            "the entrypoint has no slot to receive into"
        );
        Assert.Equal(Status.Ok, house.Kernel.Copy(sent, LedgerKernel.OwnTable, window.Value));
        return Capability.In(window);
    }

    private static void SendBack(ServerHouse house, int child, ref RpcMessage message)
    {
        int table = house.TableOf(child);
        uint free = FirstReceived;
        for (int i = 0; i < message.CapabilityCount; i++)
        {
            if (message.Capabilities[i].IsNone)
            {
                continue;
            }
            while (house.Kernel.At(table, free) != null)
            {
                free++;
            }
            HeldCapability? sent = house.Kernel.At(LedgerKernel.OwnTable, message.Capabilities[i].Slot.Value);
            bool arrives = sent != null && free < LedgerKernel.SlotsOfATable;
            Assert.NotNull(sent);
            message.Capabilities[i] = Capability.None;
            if (arrives && house.Kernel.Copy(sent, table, free) == Status.Ok)
            {
                message.Capabilities[i] = Capability.In(new CapabilitySlot(free));
            }
        }
    }
}
