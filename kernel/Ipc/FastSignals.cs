using System.Runtime;
using System.Threading;
using Skerry.Abi;
using Skerry.Kernel.Capabilities;
using Skerry.Kernel.Objects;

namespace Skerry.Kernel.Ipc;

/// <summary>
/// System calls that come back to the same thread at once: a signal nobody waits for, bits that are there, a message
/// that nobody waits for. By the CPU that the object belongs to, without a lock. Each answers the status; the bits that
/// were taken are left in <see cref="Cpu.Badge"/>.
/// </summary>
internal static unsafe class FastSignals
{
    /// <summary>Not a status that user level sees: take the slow path, nothing has changed.</summary>
    private const Status Declined = (Status)ulong.MaxValue;

    private const ulong Signallable =
        ((ulong)ObjectType.Notification << Capability.TypeShift)
        | ((ulong)NotificationRights.Signal << Capability.RightsShift);

    private const ulong Waitable =
        ((ulong)ObjectType.Notification << Capability.TypeShift)
        | ((ulong)NotificationRights.Wait << Capability.RightsShift);

    private const ulong TypeMask = Capability.TypeMask << Capability.TypeShift;

    [RuntimeExport("FastpathSignal")]
    private static Status Signal(ulong address, Cpu* cpu, Thread* thread)
    {
        if (address >= thread->CapabilityCount)
        {
            return Declined;
        }
        Capability* capability = thread->Capabilities + address;
        ulong word = capability->Word;
        if ((word & (TypeMask | Signallable)) != Signallable)
        {
            return Declined;
        }
        ulong bits = capability->Badge;
        var notification = (Notification*)Capability.ObjectOf(word);
        if (notification->Word != (ulong)cpu)
        {
            return Declined;
        }
        if (Volatile.Read(ref *(ulong*)capability) != word)
        {
            return Declined;
        }
        // An unbadged capability sets the lowest bit.
        notification->Bits |= bits == 0 ? 1 : bits;
        return Status.Ok;
    }

    [RuntimeExport("FastpathWait")]
    private static Status Wait(ulong address, Cpu* cpu, Thread* thread)
    {
        if (address >= thread->CapabilityCount)
        {
            return Declined;
        }
        ulong word = thread->Capabilities[address].Word;
        if ((word & (TypeMask | Waitable)) != Waitable)
        {
            return Declined;
        }
        var notification = (Notification*)Capability.ObjectOf(word);
        ulong bits = notification->Bits;
        if (bits == 0)
        {
            return Declined;
        }
        if (notification->Word != (ulong)cpu)
        {
            return Declined;
        }
        notification->Bits = 0;
        cpu->Badge = bits;
        return Status.Ok;
    }

    /// <summary>The entry has checked that the message needs no buffer.</summary>
    [RuntimeExport("FastpathNBSend")]
    private static Status NBSend(ulong address, Cpu* cpu, Thread* thread)
    {
        if (address >= thread->CapabilityCount)
        {
            return Declined;
        }
        ulong word = thread->Capabilities[address].Word;
        if ((word & Capability.EndpointWithSend) == 0)
        {
            return Declined;
        }
        var endpoint = (Endpoint*)Capability.ObjectOf(word);
        return endpoint->Word == (ulong)cpu + (ulong)EndpointState.Idle ? Status.WouldBlock : Declined;
    }
}
