using System.Runtime;
using System.Runtime.CompilerServices;
using System.Threading;
using Skerry.Abi;
using Skerry.Kernel.Capabilities;
using Skerry.Kernel.Objects;
using Skerry.Kernel.Scheduling;

namespace Skerry.Kernel.Ipc;

/// <summary>
/// System calls that concern one CPU's threads alone, most of which come back to the same thread at once: signals, waits,
/// a message that nobody waits for. By the CPU that the object belongs to, without a lock. Each answers the status; the bits that
/// were taken are left in <see cref="Cpu.Badge"/>.
/// </summary>
internal static unsafe class FastSignals
{
    /// <summary>Not a status that user level sees: take the slow path, nothing has changed.</summary>
    private const Status Declined = (Status)ulong.MaxValue;

    /// <summary>Nor this: another thread is the current one, and is to be resumed.</summary>
    private const Status Switched = (Status)(ulong.MaxValue - 1);

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
        if (Volatile.Read(ref *(ulong*)capability) != word)
        {
            return Declined;
        }
        // An unbadged capability sets the lowest bit.
        bits = bits == 0 ? 1 : bits;
        if (notification->Word != (ulong)cpu)
        {
            return Wake(cpu, thread, notification, bits);
        }
        notification->Bits |= bits;
        return Status.Ok;
    }

    /// <summary>Somebody of this CPU waits who is no better than the caller: he becomes ready.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static Status Wake(Cpu* cpu, Thread* thread, Notification* notification, ulong bits)
    {
        if (notification->Word != (ulong)cpu + Notification.HasWaiters)
        {
            return Declined;
        }
        Thread* waiter = notification->Head;
        if (waiter->Rank > thread->Rank)
        {
            return Declined;
        }
        SchedContext* context = waiter->SchedContext;
        if (context == null || context->Remaining == 0)
        {
            return Declined;
        }
        Notifications.RemoveFirst(notification, waiter);
        waiter->Rax = (ulong)Status.Ok;
        waiter->Rdi = bits;
        waiter->Info = 0;
        waiter->State = ThreadState.Ready;
        ReadyQueues.Append(cpu, waiter);
        return Status.Ok;
    }

    [RuntimeExport("FastpathPoll")]
    private static Status Poll(ulong address, Cpu* cpu, Thread* thread)
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
        if (notification->Word != (ulong)cpu)
        {
            return Declined;
        }
        ulong bits = notification->Bits;
        if (bits == 0)
        {
            return Status.WouldBlock;
        }
        notification->Bits = 0;
        cpu->Badge = bits;
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
        if (notification->Word != (ulong)cpu)
        {
            return Declined;
        }
        ulong bits = notification->Bits;
        if (bits == 0)
        {
            return Block(cpu, thread, notification);
        }
        notification->Bits = 0;
        cpu->Badge = bits;
        return Status.Ok;
    }

    /// <summary>The first to wait; whoever is best runs next. Who runs on lent time takes the slow path, and is refused.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static Status Block(Cpu* cpu, Thread* thread, Notification* notification)
    {
        SchedContext* context = cpu->Charged;
        if (context != thread->OwnSchedContext)
        {
            return Declined;
        }
        thread->SchedContext = context;
        context->Holder = thread;
        thread->State = ThreadState.Waiting;
        thread->WaitingOn = notification;
        notification->Head = thread;
        notification->Tail = thread;
        cpu->Current = null;
        Scheduler.SwitchToBest(cpu);
        return Switched;
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
