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
/// a message that nobody waits for. By the CPU that the object belongs to, without a lock. Each answers the status, or,
/// of Signal and Wait, an address that says who runs next; the bits that were taken are left in
/// <see cref="Cpu.Badge"/>.
/// </summary>
internal static unsafe class FastSignals
{
    /// <summary>The same, of a wait.</summary>
    private const ulong WaitDeclined = 0xff;

    private const ulong Signallable =
        ((ulong)ObjectType.Notification << Capability.TypeShift)
        | ((ulong)NotificationRights.Signal << Capability.RightsShift);

    private const ulong Waitable =
        ((ulong)ObjectType.Notification << Capability.TypeShift)
        | ((ulong)NotificationRights.Wait << Capability.RightsShift);

    /// <summary>
    /// The short ways are those of a notification where nothing is, and of one thread that waits alone and has time.
    /// </summary>
    /// <returns>
    /// Ok, <see cref="FastCalls.Declined"/>, or the address of the notification if a better thread of this CPU waits
    /// there: then nothing has changed, and the bits are left for <see cref="FastWakes"/>.
    /// </returns>
    [RuntimeExport(EntryPoints.FastSignalsSignal)]
    private static ulong Signal(ulong address, Cpu* cpu, Thread* thread)
    {
        if (address >= thread->CapabilityCount)
        {
            return (ulong)FastCalls.Declined;
        }
        Capability* capability = thread->Capabilities + address;
        ulong word = capability->Word;
        if ((word & (Capability.TypeField | Signallable)) != Signallable)
        {
            return (ulong)FastCalls.Declined;
        }
        ulong bits = capability->Bits;
        if (Volatile.Read(ref *(ulong*)capability) != word)
        {
            return (ulong)FastCalls.Declined;
        }
        var notification = (Notification*)Capability.ObjectOf(word);
        Thread* waiter;
        if (notification->Word != (ulong)cpu + Notification.HasPrepared)
        {
            if (Volatile.Read(ref notification->Word) == (ulong)cpu)
            {
                notification->SetFirst(bits);
                cpu->FastSignals = cpu->FastSignals + 1;
                return (ulong)Status.Ok;
            }
            if (Volatile.Read(ref notification->Word) == (ulong)cpu + Notification.HasBits)
            {
                notification->SetMore(bits);
                cpu->FastSignals = cpu->FastSignals + 1;
                return (ulong)Status.Ok;
            }
            if (Volatile.Read(ref notification->Word) != (ulong)cpu + Notification.HasWaiters)
            {
                return (ulong)FastCalls.Declined;
            }
            waiter = notification->First;
            if (waiter->Rank > thread->Rank)
            {
                cpu->Badge = bits;
                return (ulong)notification;
            }
            if (waiter->SchedContext == null)
            {
                return (ulong)FastCalls.Declined;
            }
            if (waiter->SchedContext->Remaining == 0)
            {
                return (ulong)FastCalls.Declined;
            }
            notification->RemoveFirst(cpu, waiter);
        }
        else
        {
            // A thread of this CPU waits alone, and has time.
            waiter = notification->First;
            if (waiter->Rank > thread->Rank)
            {
                cpu->Badge = bits;
                return (ulong)notification;
            }
            notification->Word = (ulong)cpu;
            if (ReadyQueues.AppendBest(cpu, waiter))
            {
                waiter->Rdi = bits;
                waiter->State = ThreadState.Ready;
                cpu->FastSignals = cpu->FastSignals + 1;
                return (ulong)Status.Ok;
            }
        }

        // He is no better than the caller, so he becomes ready.
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
            return FastCalls.Declined;
        }
        ulong word = thread->Capabilities[address].Word;
        if ((word & (Capability.TypeField | Waitable)) != Waitable)
        {
            return FastCalls.Declined;
        }
        var notification = (Notification*)Capability.ObjectOf(word);
        ulong standing = notification->Word - (ulong)cpu;
        if ((standing & ~Notification.HasBits) != 0)
        {
            return FastCalls.Declined;
        }
        cpu->ShortCalls = cpu->ShortCalls + 1;
        if (standing == 0)
        {
            return Status.WouldBlock;
        }
        cpu->Badge = notification->PresentBits;
        notification->Word = (ulong)cpu;
        return Status.Ok;
    }

    /// <summary>
    /// Takes the bits that are there; or is the first to wait for some, and the best thread that is ready runs next.
    /// </summary>
    /// <param name="address">Of the capability.</param>
    /// <param name="cpu">This CPU.</param>
    /// <param name="thread">Its current thread.</param>
    /// <param name="now">The time-stamp counter.</param>
    /// <returns>
    /// Ok, <see cref="WaitDeclined"/>, or the address of that thread, which is the current one then: the only answer
    /// with the highest bit set.
    /// </returns>
    [RuntimeExport(EntryPoints.FastSignalsWait)]
    private static ulong Wait(ulong address, Cpu* cpu, Thread* thread, ulong now)
    {
        if (address >= thread->CapabilityCount)
        {
            return WaitDeclined;
        }
        ulong word = thread->Capabilities[address].Word;
        if ((word & (Capability.TypeField | Waitable)) != Waitable)
        {
            return WaitDeclined;
        }
        var notification = (Notification*)Capability.ObjectOf(word);
        if (notification->Word != (ulong)cpu)
        {
            if (Volatile.Read(ref notification->Word) != (ulong)cpu + Notification.HasBits)
            {
                return WaitDeclined;
            }
            cpu->Badge = notification->PresentBits;
            notification->Word = (ulong)cpu;
            cpu->ShortCalls = cpu->ShortCalls + 1;
            return (ulong)Status.Ok;
        }

        Thread* next = cpu->Foremost;
        if (next == null)
        {
            if (cpu->HighestReady == 0)
            {
                return WaitDeclined;
            }
            next = ReadyQueues.LeaveList(cpu);
        }
        if ((next->Flags & ThreadFlags.LeftToSlowly) != 0)
        {
            return WaitDeclined;
        }
        SchedContext* nextContext = next->SchedContext;
        // Three questions: the timer is not due, so what is charged has time left (Timekeeping); the next one has some, and its
        // end needs no earlier timer.
        if (cpu->LastTick - now >= nextContext->Remaining)
        {
            return WaitDeclined;
        }
        // Who runs on lent time takes the slow path, and is refused.
        SchedContext* context = cpu->Charged;
        if (context != thread->OwnSchedContext)
        {
            return WaitDeclined;
        }

        // Nothing can fail from here on.
        ulong used = now - cpu->ChargedSince;
        context->Remaining = Volatile.Read(ref context->Remaining) - used;
        context->Consumed = context->Consumed + used;
        context->Holder = thread;
        thread->SchedContext = context;
        thread->Rax = (ulong)Status.Ok;
        thread->State = ThreadState.Waiting;
        thread->WaitingOn = notification;
        notification->AddPrepared(thread);
        cpu->ChargedSince = now;
        cpu->Charged = nextContext;
        cpu->ShortCalls = cpu->ShortCalls + 1;
        next->SchedContext = null;
        cpu->Current = next;
        ReadyQueues.RemoveForemost(cpu);
        return (ulong)next;
    }

    /// <summary>The entry has checked that the message needs no buffer.</summary>
    [RuntimeExport(EntryPoints.FastSignalsNBSend)]
    private static Status NBSend(ulong address, Cpu* cpu, Thread* thread)
    {
        if (address >= thread->CapabilityCount)
        {
            return FastCalls.Declined;
        }
        ulong word = thread->Capabilities[address].Word;
        if ((word & Capability.EndpointWithSend) == 0)
        {
            return FastCalls.Declined;
        }
        var endpoint = (Endpoint*)Capability.ObjectOf(word);
        if (endpoint->Word != (ulong)cpu + (ulong)EndpointState.Idle)
        {
            return FastCalls.Declined;
        }
        cpu->ShortCalls = cpu->ShortCalls + 1;
        return Status.WouldBlock;
    }
}
