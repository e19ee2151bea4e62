using System.Numerics;
using System.Runtime.CompilerServices;
using Skerry.Abi;
using Skerry.Base.Kernel;

namespace Skerry.Base.Rpc;

/// <summary>Between a whole message and what the kernel carries: four registers and the message buffer.</summary>
public static class MessageExchange
{
    /// <summary>
    /// Puts a message into the registers of a system call, and what does not fit into the message buffer. The call and
    /// its capability are the caller's to fill in.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(ref RpcMessage message, ref SystemCallFrame frame)
    {
        RpcLabel label = message.Label;
        int sent = 0;
        if (message.Length > MessageLimits.RegisterWords)
        {
            StoreWords(ref message);
        }
        if (message.CapabilityCount != 0)
        {
            label = StoreCapabilities(ref message, out sent);
        }
        frame.Info = MessageInfo.Of(label.Value, message.Length, sent).Value;
        frame.Word0 = message.Words[0];
        frame.Word1 = message.Words[1];
        frame.Word2 = message.Words[2];
        frame.Word3 = message.Words[3];
    }

    /// <summary>Gathers the message that the kernel just delivered to this thread.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Load(in SystemCallFrame frame, ref RpcMessage message)
    {
        var info = new MessageInfo(frame.Info);
        message.Badge = frame.Address;
        message.Label = new RpcLabel(info.Label);
        message.Length = info.Length;
        message.CapabilityCount = 0;
        message.Words[0] = frame.Word0;
        message.Words[1] = frame.Word1;
        message.Words[2] = frame.Word2;
        message.Words[3] = frame.Word3;
        if ((info.Value & MessageInfo.FastpathMask) > MessageLimits.RegisterWords)
        {
            LoadBuffer(info, ref message);
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

    private static void StoreWords(ref RpcMessage message)
    {
        ref MessageBuffer buffer = ref SystemCalls.MessageBuffer;
        for (int i = MessageLimits.RegisterWords; i < message.Length; i++)
        {
            buffer.Words[i] = message.Words[i];
        }
    }

    private static void LoadBuffer(MessageInfo info, ref RpcMessage message)
    {
        ref MessageBuffer buffer = ref SystemCalls.MessageBuffer;
        for (int i = MessageLimits.RegisterWords; i < info.Length && i < MessageLimits.MaximumWords; i++)
        {
            message.Words[i] = buffer.Words[i];
        }
        if (info.Capabilities != 0)
        {
            LoadCapabilities(info.Capabilities, ref message);
        }
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
