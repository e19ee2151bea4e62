using Skerry.Abi;
using Skerry.Base.Kernel;

namespace Skerry.Base.Rpc;

/// <summary>
/// Consecutive empty slots, published in the thread's message buffer, into which the kernel puts the capabilities that
/// arrive with the next message.
/// </summary>
public struct ReceiveWindow
{
    private CapabilitySlot _first;
    private int _count;

    /// <summary>Capabilities can arrive.</summary>
    public readonly bool IsOpen => _count != 0;

    /// <summary>Publishes so many slots; false if the capability table has no room.</summary>
    public static bool TryOpen(int count, out ReceiveWindow window)
    {
        window = default;
        if (count > 0 && !CapabilitySlots.TryAllocate(count, out window._first))
        {
            return false;
        }
        window._count = count;
        window.Publish();
        return true;
    }

    /// <summary>Says again in the message buffer what a call made meanwhile has withdrawn.</summary>
    public readonly void Publish()
    {
        ref MessageBuffer buffer = ref SystemCalls.MessageBuffer;
        buffer.ReceiveSlot = _first.Value;
        buffer.ReceiveCount = (ulong)_count;
    }

    /// <summary>Whether the message that has arrived has filled any of the slots: a capability that came as a badge has not.</summary>
    public static bool IsFilledBy(ref RpcMessage message)
    {
        for (int i = 0; i < message.CapabilityCount; i++)
        {
            if (!message.Capabilities[i].Slot.IsNull)
            {
                return true;
            }
        }
        return false;
    }

    /// <summary>Withdraws the window. Slots that the message filled belong to its reader, the others are freed.</summary>
    public void Close(ref RpcMessage message)
    {
        SystemCalls.MessageBuffer.ReceiveCount = 0;
        for (int i = 0; i < _count; i++)
        {
            CapabilitySlot slot = _first.Next((uint)i);
            if (!Holds(ref message, slot))
            {
                CapabilitySlots.Free(slot);
            }
        }
        _count = 0;
    }

    /// <summary>
    /// Publishes as many other slots, for the next message. Those that this one filled belong to its reader.
    /// </summary>
    /// <returns>False if the capability table has no room for them; then the window is closed.</returns>
    public bool TryRenew(ref RpcMessage message)
    {
        int count = _count;
        Close(ref message);
        return TryOpen(count, out this);
    }

    private static bool Holds(ref RpcMessage message, CapabilitySlot slot)
    {
        for (int i = 0; i < message.CapabilityCount; i++)
        {
            if (message.Capabilities[i].Slot == slot)
            {
                return true;
            }
        }
        return false;
    }
}
