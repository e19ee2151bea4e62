using System.Runtime.CompilerServices;
using Skerry.Abi;
using Skerry.Kernel.Capabilities;
using Skerry.Kernel.Cluster;
using Skerry.Kernel.Objects;
using Skerry.Kernel.Scheduling;

namespace Skerry.Kernel.Ipc;

/// <summary>Signal, Wait and Poll. Under the cluster lock, or with interrupts off on a notification's own CPU.</summary>
internal static unsafe class Notifications
{
    public static Status Signal(Cpu* cpu, Thread* thread, ulong slot)
    {
        Capability* capability = Lookup.Slot(thread, slot);
        if (capability == null || capability->IsEmpty)
        {
            return Lookup.Refusal(thread, slot, capability);
        }
        if (capability->Type == ObjectType.Doorbell)
        {
            Doorbells.Ring(cpu, capability);
            return Status.Ok;
        }
        if (capability->Type != ObjectType.Notification)
        {
            return Lookup.Refusal(thread, slot, capability);
        }
        if ((capability->Rights & (byte)NotificationRights.Signal) == 0)
        {
            return Status.MissingRight;
        }
        cpu->Count(CpuCounter.SlowSignals);
        Signal(cpu, (Notification*)capability->Object, capability->Bits);
        return Status.Ok;
    }

    /// <summary>
    /// What a binding holds, for an interrupt: without the lock. Another CPU may take it away meanwhile; then nobody is
    /// signalled, or the notification was alive a moment ago and its memory is not used again before this CPU has left the kernel.
    /// </summary>
    public static void SignalHeld(Cpu* cpu, Capability* binding)
    {
        ulong word = SlotSnapshot.Read(binding, out ulong bits);
        if (Capability.TypeOf(word) == ObjectType.Notification)
        {
            Signal(cpu, (Notification*)Capability.ObjectOf(word), bits);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Signal(Cpu* cpu, Notification* notification, ulong bits)
    {
        if (notification->Cpu == cpu->Index)
        {
            SignalLocal(cpu, notification, bits);
        }
        else
        {
            Requests.Signal(cpu, ClusterCpus.At(notification->Cpu), notification, bits);
        }
    }

    /// <summary>On the notification's CPU: wakes a waiter, or the bound thread if it receives, or keeps the bits.</summary>
    public static void SignalLocal(Cpu* cpu, Notification* notification, ulong bits)
    {
        notification->Bits |= bits;
        Thread* waiter = notification->Head;
        if (waiter != null)
        {
            Remove(notification, waiter);
            Take(notification, waiter);
            Readiness.MakeReady(cpu, waiter);
            return;
        }
        Thread* bound = notification->BoundThread;
        bool receives = bound != null && bound->State == ThreadState.Receiving && bound->SchedContext != null;
        if (receives)
        {
            EndpointQueue.Remove((Endpoint*)bound->WaitingOn, bound);
            TakeAsMessage(notification, bound);
            Readiness.MakeReady(cpu, bound);
        }
    }

    public static Status Wait(Cpu* cpu, Thread* thread, ulong slot, bool mayWait)
    {
        Status status = Lookup.Find(
            thread,
            slot,
            ObjectType.Notification,
            (byte)NotificationRights.Wait,
            out Capability* capability
        );
        if (status != Status.Ok)
        {
            return status;
        }
        var notification = (Notification*)capability->Object;
        if (notification->Cpu != cpu->Index)
        {
            return Status.WrongCpu;
        }
        if (notification->Bits != 0)
        {
            Take(notification, thread);
            return Status.Ok;
        }
        if (!mayWait)
        {
            return Status.WouldBlock;
        }
        if (thread->SchedContext != thread->OwnSchedContext)
        {
            // A server that sleeps on its caller's time would keep the caller's context from everybody.
            return Status.NoSchedulingContext;
        }
        cpu->Current = null;
        thread->Rax = (ulong)Status.Ok;
        thread->State = ThreadState.Waiting;
        Append(notification, thread);
        return Status.Ok;
    }

    public static bool HasBits(Notification* notification) => notification != null && notification->Bits != 0;

    public static void TakeAsMessage(Notification* notification, Thread* thread)
    {
        Take(notification, thread);
        thread->Info = MessageInfo.FromKernel(FaultLabel.Notification, 0).Value;
    }

    private static void Take(Notification* notification, Thread* thread)
    {
        thread->Rax = (ulong)Status.Ok;
        thread->Rdi = notification->Bits;
        thread->Info = 0;
        notification->Bits = 0;
    }

    /// <summary>What this thread's time follows from has changed: if it waits, who signals it asks whether it may run.</summary>
    public static void AskOf(Thread* thread)
    {
        if (thread->State == ThreadState.Waiting)
        {
            ((Notification*)thread->WaitingOn)->Unprepare();
        }
    }

    private static void Append(Notification* notification, Thread* thread)
    {
        Thread* tail = notification->Tail;
        thread->WaitingOn = notification;
        thread->Next = null;
        thread->Previous = tail;
        if (tail == null)
        {
            notification->Head = thread;
        }
        else
        {
            tail->Next = thread;
        }
        notification->Tail = thread;
    }

    public static void Remove(Notification* notification, Thread* thread)
    {
        Thread* previous = thread->Previous;
        Thread* next = thread->Next;
        if (previous == null)
        {
            notification->Head = next;
        }
        else
        {
            previous->Next = next;
        }
        if (next == null)
        {
            notification->Tail = previous;
        }
        else
        {
            next->Previous = previous;
        }
        thread->Next = null;
        thread->Previous = null;
        thread->WaitingOn = null;
    }
}
