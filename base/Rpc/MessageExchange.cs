using System.Numerics;
using System.Runtime.CompilerServices;
using Skerry.Abi;
using Skerry.Base.Kernel;

namespace Skerry.Base.Rpc;

/// <summary>What of a message does not fit into registers: between the message and the thread's message buffer.</summary>
public static class MessageExchange
{
    /// <summary>
    /// Before a system call that sends the message: puts into the message buffer what its registers do not hold.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(ref RpcMessage message)
    {
        if (message.Length > MessageLimits.RegisterWords)
        {
            StoreWords(ref message);
        }
        if (message.CapabilityCount != 0)
        {
            StoreCapabilities(ref message);
        }
    }

    /// <summary>Behind a system call that has received into the message: gathers the rest of what was delivered.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Load(ref RpcMessage message)
    {
        message.CapabilityCount = 0;
        if ((message.Registers.Info & MessageInfo.FastpathMask) > MessageLimits.RegisterWords)
        {
            LoadBuffer(ref message);
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

    private static void StoreWords(ref RpcMessage message) =>
        CopyWords(ref message.Words, ref SystemCalls.MessageBuffer.Words, message.Length);

    private static void LoadBuffer(ref RpcMessage message)
    {
        var info = new MessageInfo(message.Registers.Info);
        CopyWords(ref SystemCalls.MessageBuffer.Words, ref message.Words, info.Length);
        if (info.Capabilities != 0)
        {
            LoadCapabilities(info.Capabilities, ref message);
        }
    }

    /// <summary>Those behind the registers' words.</summary>
    private static void CopyWords(ref MessageWords from, ref MessageWords to, int length)
    {
        int end = length < MessageLimits.MaximumWords ? length : MessageLimits.MaximumWords;
        for (int i = MessageLimits.RegisterWords; i < end; i++)
        {
            to[i] = from[i];
        }
    }

    private static void StoreCapabilities(ref RpcMessage message)
    {
        ref MessageBuffer buffer = ref SystemCalls.MessageBuffer;
        uint mask = 0;
        int sent = 0;
        for (int i = 0; i < message.CapabilityCount; i++)
        {
            CapabilitySlot slot = message.Capabilities[i].Slot;
            if (!slot.IsNull)
            {
                buffer.SendSlots[sent++] = slot.Value;
                mask |= 1u << i;
            }
        }
        RpcLabel label = message.Label.WithCapabilities(mask);
        message.Registers.Info = MessageInfo.Of(label.Value, message.Length, sent).Value;
    }

    /// <summary>
    /// The mask says which arguments were sent, the kernel how many of them arrived, in order. What arrived beyond the
    /// mask takes the free places: none may stay behind unknown in its slot.
    /// </summary>
    private static void LoadCapabilities(int arrived, ref RpcMessage message)
    {
        uint mask = message.Label.Capabilities;
        if (mask != (1u << arrived) - 1)
        {
            LoadSomeCapabilities(mask, arrived, ref message);
            return;
        }
        ref MessageBuffer buffer = ref SystemCalls.MessageBuffer;
        for (int i = 0; i < arrived; i++)
        {
            message.Capabilities[i] = Arrived(ref buffer, i);
        }
        message.CapabilityCount = arrived;
    }

    /// <summary>As the other, where arguments are none, or not all have arrived.</summary>
    private static void LoadSomeCapabilities(uint mask, int arrived, ref RpcMessage message)
    {
        ref MessageBuffer buffer = ref SystemCalls.MessageBuffer;
        int named = BitOperations.PopCount(mask);
        int inMask = 0;
        int beyond = named;
        int places = arrived <= named ? BitOperations.Log2(mask) + 1 : MessageLimits.MaximumCapabilities;
        for (int i = 0; i < places; i++)
        {
            int index = (mask & (1u << i)) != 0 ? inMask++ : beyond++;
            message.Capabilities[i] = index < arrived ? Arrived(ref buffer, index) : Capability.None;
        }
        message.CapabilityCount = places;
    }

    private static Capability Arrived(ref MessageBuffer buffer, int index) =>
        (CapabilityArrival)buffer.Arrived[index] switch
        {
            CapabilityArrival.Installed => Capability.In(new CapabilitySlot((uint)buffer.ReceiveSlot + (uint)index)),
            CapabilityArrival.Unwrapped => Capability.OwnObject(buffer.Badges[index]),
            _ => Capability.None,
        };
}
