using System.Runtime;
using System.Threading;
using Skerry.Abi;
using Skerry.Kernel.Capabilities;
using Skerry.Kernel.Layout;
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

    /// <summary>The same, of a wait.</summary>
    private const ulong WaitDeclined = 0xff;

    private const ulong Signallable =
        ((ulong)ObjectType.Notification << Capability.TypeShift)
        | ((ulong)NotificationRights.Signal << Capability.RightsShift);

    private const ulong Waitable =
        ((ulong)ObjectType.Notification << Capability.TypeShift)
        | ((ulong)NotificationRights.Wait << Capability.RightsShift);

    private const ulong TypeMask = Capability.TypeMask << Capability.TypeShift;

    /// <summary>
    /// Answers Ok, <see cref="Declined"/>, or the address of the notification if a better thread of this CPU waits there:
    /// then nothing has changed, and the bits are left for <see cref="FastWakes"/>.
    /// </summary>
    [RuntimeExport(EntryPoints.FastSignalsSignal)]
    private static ulong Signal(ulong address, Cpu* cpu, Thread* thread)
    {
        if (address >= thread->CapabilityCount)
        {
            return (ulong)Declined;
        }
        Capability* capability = thread->Capabilities + address;
        ulong word = capability->Word;
        if ((word & (TypeMask | Signallable)) != Signallable)
        {
            return (ulong)Declined;
        }
        ulong bits = capability->Badge;
        if (Volatile.Read(ref *(ulong*)capability) != word)
        {
            return (ulong)Declined;
        }
        var notification = (Notification*)Capability.ObjectOf(word);
        // An unbadged capability sets the lowest bit.
        bits = bits == 0 ? 1 : bits;
        if (notification->Word == (ulong)cpu)
        {
            notification->Bits = notification->Bits | bits;
            cpu->FastSignals = cpu->FastSignals + 1;
            return (ulong)Status.Ok;
        }
        if (notification->Word != (ulong)cpu + Notification.HasWaiters)
        {
            return (ulong)Declined;
        }

        // Somebody of this CPU waits; if he is no better than the caller, he becomes ready.
        Thread* waiter = notification->First;
        if (waiter->Rank > thread->Rank)
        {
            cpu->Badge = bits;
            return (ulong)notification;
        }
        if (waiter->SchedContext == null)
        {
            return (ulong)Declined;
        }
        if (waiter->SchedContext->Remaining == 0)
        {
            return (ulong)Declined;
        }
        notification->RemoveFirst(cpu, waiter);
        waiter->Rax = (ulong)Status.Ok;
        waiter->Rdi = bits;
        waiter->State = ThreadState.Ready;
        cpu->FastSignals = cpu->FastSignals + 1;
        ReadyQueues.Append(cpu, waiter);
        return (ulong)Status.Ok;
    }

    [RuntimeExport(EntryPoints.FastSignalsPoll)]
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
        cpu->ShortCalls = cpu->ShortCalls + 1;
        ulong bits = notification->Bits;
        if (bits == 0)
        {
            return Status.WouldBlock;
        }
        notification->Bits = 0;
        cpu->Badge = bits;
        return Status.Ok;
    }

    /// <summary>
    /// Takes the bits that are there; or is the first to wait for some, and the best thread that is ready runs next. Answers
    /// Ok, <see cref="WaitDeclined"/>, or the address of that thread, which is the current one then: the only answer with
    /// the highest bit set.
    /// </summary>
    /// <param name="address">Of the capability.</param>
    /// <param name="cpu">This CPU.</param>
    /// <param name="thread">Its current thread.</param>
    /// <param name="now">The time-stamp counter.</param>
    [RuntimeExport(EntryPoints.FastSignalsWait)]
    private static ulong Wait(ulong address, Cpu* cpu, Thread* thread, ulong now)
    {
        if (address >= thread->CapabilityCount)
        {
            return WaitDeclined;
        }
        ulong word = thread->Capabilities[address].Word;
        if ((word & (TypeMask | Waitable)) != Waitable)
        {
            return WaitDeclined;
        }
        var notification = (Notification*)Capability.ObjectOf(word);
        if (notification->Word != (ulong)cpu)
        {
            return WaitDeclined;
        }
        ulong bits = notification->Bits;
        if (bits != 0)
        {
            notification->Bits = 0;
            cpu->ShortCalls = cpu->ShortCalls + 1;
            cpu->Badge = bits;
            return (ulong)Status.Ok;
        }

        if (cpu->HighestReady == 0)
        {
            return WaitDeclined;
        }
        ReadyQueues.Queue* queue = ReadyQueues.Best(cpu);
        Thread* next = queue->Head;
        if ((next->Flags & ThreadFlags.LeftToSlowly) != 0)
        {
            return WaitDeclined;
        }
        SchedContext* nextContext = next->SchedContext;
        if (nextContext->Remaining == 0)
        {
            return WaitDeclined;
        }
        if (now + Volatile.Read(ref nextContext->Remaining) < cpu->TimerSetFor)
        {
            return WaitDeclined;
        }
        // Who runs on lent time takes the slow path, and is refused; so does who has used his time up.
        SchedContext* context = cpu->Charged;
        if (context != thread->OwnSchedContext)
        {
            return WaitDeclined;
        }
        ulong used = now - cpu->ChargedSince;
        if (used >= context->Remaining)
        {
            return WaitDeclined;
        }

        // Nothing can fail from here on.
        context->Remaining = Volatile.Read(ref context->Remaining) - used;
        context->Consumed = context->Consumed + used;
        context->Holder = thread;
        thread->SchedContext = context;
        thread->State = ThreadState.Waiting;
        thread->WaitingOn = notification;
        notification->AddFirst(thread);
        cpu->ChargedSince = now;
        cpu->Charged = nextContext;
        cpu->ShortCalls = cpu->ShortCalls + 1;
        next->SchedContext = null;
        cpu->Current = next;
        ReadyQueues.RemoveFirst(cpu, queue, next);
        return (ulong)next;
    }

    /// <summary>The entry has checked that the message needs no buffer.</summary>
    [RuntimeExport(EntryPoints.FastSignalsNBSend)]
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
        if (endpoint->Word != (ulong)cpu + (ulong)EndpointState.Idle)
        {
            return Declined;
        }
        cpu->ShortCalls = cpu->ShortCalls + 1;
        return Status.WouldBlock;
    }
}
