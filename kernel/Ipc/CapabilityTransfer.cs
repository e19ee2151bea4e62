using Skerry.Abi;
using Skerry.Kernel.Capabilities;
using Skerry.Kernel.Objects;

namespace Skerry.Kernel.Ipc;

/// <summary>Capabilities that travel with a message (MessageBuffer). Under the cluster lock.</summary>
internal static unsafe class CapabilityTransfer
{
    /// <returns>
    /// How many capabilities the message brought, installed or unwrapped; the first that can't ends it.
    /// </returns>
    public static int Move(Thread* sender, Thread* receiver, Endpoint* through, int count)
    {
        MessageBuffer* to = receiver->Buffer;
        for (int i = 0; i < count; i++)
        {
            to->Arrived[i] = (ulong)CapabilityArrival.None;
        }
        for (int i = 0; i < count; i++)
        {
            Capability* source = Lookup.Slot(sender, sender->Buffer->SendSlots[i]);
            if (source == null || source->IsEmpty)
            {
                return i;
            }
            if (through != null && IsOfGroup(source, through->Group))
            {
                to->Badges[i] = source->Badge;
                to->Arrived[i] = (ulong)CapabilityArrival.Unwrapped;
                continue;
            }
            bool hasRoom = (uint)i < to->ReceiveCount;
            Capability* destination = hasRoom ? Lookup.Slot(receiver, (uint)to->ReceiveSlot + (uint)i) : null;
            if (destination == null || !destination->IsEmpty)
            {
                return i;
            }
            if (Revocation.ConcernsMessage(source))
            {
                // It is about to go, as far as can be told; and if not, this ends with the revoke.
                Revocation.OweHelp();
                return i;
            }
            if (Copying.Derive(source, destination, 7, 0) != Status.Ok)
            {
                return i;
            }
            to->Arrived[i] = (ulong)CapabilityArrival.Installed;
        }
        return count;
    }

    private static bool IsOfGroup(Capability* source, ulong group) =>
        source->Type == ObjectType.Endpoint && ((Endpoint*)source->Object)->Group == group;
}
