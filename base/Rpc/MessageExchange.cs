using System.Numerics;
using Skerry.Abi;
using Skerry.Base.Kernel;

namespace Skerry.Base.Rpc;

/// <summary>Between a whole message and what the kernel carries: four registers and the message buffer.</summary>
public static class MessageExchange
{
    /// <summary>Puts what does not fit into registers into the message buffer; the answer is the registers' part.</summary>
    public static Message Store(ref RpcMessage message)
    {
        if (message.Length > MessageLimits.RegisterWords)
        {
            ref MessageBuffer buffer = ref SystemCalls.MessageBuffer;
            for (int i = MessageLimits.RegisterWords; i < message.Length; i++)
            {
                buffer.Words[i] = message.Words[i];
            }
        }
        int sent = 0;
        RpcLabel label = message.CapabilityCount == 0 ? message.Label : StoreCapabilities(ref message, out sent);
        return new Message
        {
            Info = MessageInfo.Of(label.Value, message.Length, sent),
            // Registers beyond the message's length travel too: they must not tell what the stack held before.
            Word0 = message.Length > 0 ? message.Words[0] : 0,
            Word1 = message.Length > 1 ? message.Words[1] : 0,
            Word2 = message.Length > 2 ? message.Words[2] : 0,
            Word3 = message.Length > 3 ? message.Words[3] : 0,
        };
    }

    /// <summary>Gathers the message that the kernel just delivered to this thread.</summary>
    public static void Load(in Message registers, ref RpcMessage message)
    {
        int length = registers.Info.Length;
        message.Badge = registers.Badge;
        message.Label = new RpcLabel(registers.Info.Label);
        message.Length = length;
        message.Words[0] = registers.Word0;
        message.Words[1] = registers.Word1;
        message.Words[2] = registers.Word2;
        message.Words[3] = registers.Word3;
        if (length > MessageLimits.RegisterWords)
        {
            ref MessageBuffer buffer = ref SystemCalls.MessageBuffer;
            for (int i = MessageLimits.RegisterWords; i < length && i < MessageLimits.MaximumWords; i++)
            {
                message.Words[i] = buffer.Words[i];
            }
        }
        message.CapabilityCount = 0;
        if (registers.Info.Capabilities != 0)
        {
            LoadCapabilities(registers.Info.Capabilities, ref message);
        }
    }

    /// <summary>Deletes what arrived with a message that nobody takes anything from.</summary>
    public static void DiscardCapabilities(ref RpcMessage message)
    {
        for (int i = 0; i < message.CapabilityCount; i++)
        {
            CapabilitySlots.Release(message.Capabilities[i].Slot);
        }
        message.CapabilityCount = 0;
    }

    private static RpcLabel StoreCapabilities(ref RpcMessage message, out int sent)
    {
        ref MessageBuffer buffer = ref SystemCalls.MessageBuffer;
        uint mask = 0;
        sent = 0;
        for (int i = 0; i < message.CapabilityCount; i++)
        {
            CapabilitySlot slot = message.Capabilities[i].Slot;
            if (!slot.IsNull)
            {
                buffer.SendSlots[sent++] = slot.Value;
                mask |= 1u << i;
            }
        }
        return message.Label.WithCapabilities(mask);
    }

    /// <summary>
    /// The mask says which arguments were sent, the kernel how many of them arrived, in order. What arrived beyond the
    /// mask takes the free places: none may stay behind unknown in its slot.
    /// </summary>
    private static void LoadCapabilities(int arrived, ref RpcMessage message)
    {
        ref MessageBuffer buffer = ref SystemCalls.MessageBuffer;
        uint mask = message.Label.Capabilities;
        int named = BitOperations.PopCount(mask);
        int inMask = 0;
        int beyond = named;
        for (int i = 0; i < MessageLimits.MaximumCapabilities; i++)
        {
            int index = (mask & (1u << i)) != 0 ? inMask++ : beyond++;
            message.Capabilities[i] = index < arrived ? Arrived(ref buffer, index) : Capability.None;
        }
        message.CapabilityCount = MessageLimits.MaximumCapabilities;
    }

    private static Capability Arrived(ref MessageBuffer buffer, int index) =>
        (CapabilityArrival)buffer.Arrived[index] switch
        {
            CapabilityArrival.Installed => Capability.In(new CapabilitySlot((uint)buffer.ReceiveSlot + (uint)index)),
            CapabilityArrival.Unwrapped => Capability.OwnObject(buffer.Badges[index]),
            _ => Capability.None,
        };
}
