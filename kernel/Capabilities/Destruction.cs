using Skerry.Abi;
using Skerry.Kernel.Cluster;
using Skerry.Kernel.Ipc;
using Skerry.Kernel.Memory;
using Skerry.Kernel.Objects;
using Skerry.Kernel.Scheduling;

namespace Skerry.Kernel.Capabilities;

/// <summary>
/// The end of each kind of object, when its last capability goes. Whoever waits on it is told; whoever points to it
/// forgets it. Under the cluster lock, while the object's CPU stands still.
/// </summary>
internal static unsafe class Destruction
{
    public static void Thread(Cpu* cpu, Thread* thread)
    {
        Threads.Stop(cpu, thread);
        Cpu* home = ClusterCpus.At(thread->Cpu);
        Rendezvous.Hold(cpu, home);
        // First, as who lent it what it runs on is found through its Reply object.
        Lending.GiveBack(home, thread);
        Lending.Disown(home, thread);
        Reply* loan = Lending.LoanOf(thread);
        if (loan != null)
        {
            Lending.ForgetLoan(loan);
        }
        if (thread->Reply != null)
        {
            Unbind(home, thread->Reply);
        }
        if (thread->BoundNotification != null)
        {
            thread->BoundNotification->BoundThread = null;
        }
        thread->Root = 0;
        Revocation.Forget(thread);
        Rendezvous.Release(cpu, home);
        Deletion.DeleteHeld(cpu, &thread->BufferBinding);
        Deletion.DeleteHeld(cpu, &thread->AddressSpaceBinding);
        Deletion.DeleteHeld(cpu, &thread->CapTableBinding);
        SchedulingControls.Release(&thread->ControlBinding);
    }

    /// <summary>The thread that held it can't be called any more; its caller learns that there will be no answer.</summary>
    private static void Unbind(Cpu* home, Reply* reply)
    {
        Thread* caller = reply->Caller;
        if (caller != null && caller->State == ThreadState.AwaitingReply)
        {
            MessageTransfer.Fail(caller, Status.Cancelled);
            Replying.Release(home, reply);
        }
        reply->Unmark();
        reply->Owner->Reply = null;
        reply->Owner->UpdateServerReply();
        reply->Owner = null;
    }

    public static void Reply(Cpu* cpu, Reply* reply)
    {
        Cpu* home = ClusterCpus.At(reply->Cpu);
        Rendezvous.Hold(cpu, home);
        Thread* caller = reply->Caller;
        if (caller != null && caller->State == ThreadState.AwaitingReply)
        {
            MessageTransfer.Fail(caller, Status.Cancelled);
            Replying.Release(home, reply);
        }
        else if (caller != null)
        {
            // A faulter that nobody will answer stays stopped, on its own context.
            reply->ForgetCaller();
            caller->AwaitedReply = null;
            Lending.Return(home, reply, caller);
        }
        if (reply->Owner != null)
        {
            reply->Owner->Reply = null;
            reply->Owner->UpdateServerReply();
        }
        Rendezvous.Release(cpu, home);
    }

    /// <summary>Threads that are told in one step.</summary>
    private const int MostWaiters = 16;

    /// <returns>Whether all who wait at it have been told.</returns>
    public static bool Endpoint(Cpu* cpu, Endpoint* endpoint)
    {
        Cpu* home = ClusterCpus.At(endpoint->Cpu);
        Rendezvous.Hold(cpu, home);
        for (int i = 0; i < MostWaiters && endpoint->Head != null; i++)
        {
            Thread* thread = EndpointQueue.TakeFirst(endpoint);
            Sending.End(home, thread, Status.Cancelled);
        }
        bool isDone = endpoint->Head == null;
        if (isDone)
        {
            endpoint->State = EndpointState.Dead;
        }
        Rendezvous.Release(cpu, home);
        return isDone;
    }

    /// <returns>Whether all who wait for it have been told.</returns>
    public static bool Notification(Cpu* cpu, Notification* notification)
    {
        Cpu* home = ClusterCpus.At(notification->Cpu);
        Rendezvous.Hold(cpu, home);
        for (int i = 0; i < MostWaiters && notification->Head != null; i++)
        {
            Thread* thread = notification->Head;
            Notifications.Remove(notification, thread);
            MessageTransfer.Fail(thread, Status.Cancelled);
            Readiness.MakeReady(home, thread);
        }
        bool isDone = notification->Head == null;
        if (isDone && notification->BoundThread != null)
        {
            notification->BoundThread->BoundNotification = null;
            notification->BoundThread->UpdateServerReply();
            notification->BoundThread = null;
        }
        Rendezvous.Release(cpu, home);
        return isDone;
    }

    /// <summary>Whoever runs on it stops for want of time. Its owner may belong to another CPU than who runs on it.</summary>
    public static void SchedContext(Cpu* cpu, SchedContext* context)
    {
        Thread* owner = context->Owner;
        Cpu* ownersHome = owner == null ? cpu : ClusterCpus.At(owner->Cpu);
        Rendezvous.Hold(cpu, ownersHome);
        if (owner != null)
        {
            // First, so that nobody takes it anew.
            owner->OwnSchedContext = null;
            owner->UpdateServerReply();
        }
        if (context->Holder != null)
        {
            Cpu* home = ClusterCpus.At(context->Holder->Cpu);
            Rendezvous.Hold(cpu, home);
            // Once more: it may have been lent to another thread there meanwhile.
            Thread* holder = context->Holder;
            holder->SchedContext = null;
            Timekeeping.Leave(home, context);
            context->Holder = null;
            Readiness.LoseTime(home, holder);
            Rendezvous.Release(cpu, home);
        }
        Rendezvous.Release(cpu, ownersHome);
        SchedulingControls.Release(&context->ControlBinding);
    }

    /// <summary>
    /// Its threads held capabilities to it, and each was stopped before its own went (<see cref="LetGo"/>): so none is left
    /// that runs in it.
    /// </summary>
    public static void AddressSpace(Cpu* cpu, AddressSpace* space)
    {
        Rendezvous.ForgetRoot(cpu, PageTables.RootOf(space));
        if (cpu->CurrentRoot == PageTables.KernelRoot)
        {
            LoadedRoot.Load(cpu);
        }
        AddressSpaces.Unregister(space);
        Deletion.DeleteHeld(cpu, &space->FaultTableBinding);
    }

    /// <summary>
    /// A capability that an object holds by itself is about to go, by revoke say. The object forgets what it designates,
    /// and no CPU uses that any more when this comes back: only then is it taken apart. Whoever can't do without is
    /// stopped. Once more in each step of a deletion that takes several.
    /// </summary>
    public static void LetGo(Cpu* cpu, Capability* binding)
    {
        BindingKind kind = binding->Binding;
        switch (kind)
        {
            case BindingKind.ThreadCapTable:
                Threads.LoseTable(cpu, BindingOwner.ThreadOf(binding, kind));
                break;
            case BindingKind.ThreadAddressSpace:
                Threads.LoseAddressSpace(cpu, BindingOwner.ThreadOf(binding, kind));
                break;
            case BindingKind.ThreadBuffer:
                Threads.LoseBuffer(cpu, BindingOwner.ThreadOf(binding, kind));
                break;
            case BindingKind.FaultTable:
                FaultTables.Forget(cpu, BindingOwner.SpaceOf(binding));
                break;
            case BindingKind.ThreadControl:
                Threads.LosePriority(cpu, BindingOwner.ThreadOf(binding, BindingKind.ThreadControl));
                break;
            case BindingKind.ContextControl:
                Timekeeping.LoseTime(cpu, BindingOwner.ContextOf(binding));
                break;
            case BindingKind.Irq:
                Interrupts.IrqHandlers.NotificationLost(cpu, (IrqHandler*)binding);
                break;
            case BindingKind.Trace:
                Tracing.TraceControl.FrameLost(cpu, BindingOwner.TracedCpu(binding));
                break;
        }
    }
}
