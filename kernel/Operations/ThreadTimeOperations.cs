using Skerry.Abi;
using Skerry.Kernel.Capabilities;
using Skerry.Kernel.Cluster;
using Skerry.Kernel.Ipc;
using Skerry.Kernel.Objects;
using Skerry.Kernel.Scheduling;

namespace Skerry.Kernel.Operations;

/// <summary>Operations of threads: when and where they run. A thread's CPU stands still meanwhile.</summary>
internal static unsafe class ThreadTimeOperations
{
    public static Status SetScheduling(Cpu* cpu, Thread* thread, InvocationArguments arguments)
    {
        uint priority = arguments.Low(arguments.Word0);
        uint slot = arguments.High(arguments.Word0);
        if (priority >= ReadyQueues.Priorities)
        {
            return arguments.Refuse(Status.InvalidArgument, 0);
        }
        SchedContext* context = null;
        if (slot != 0)
        {
            Status status = Lookup.Find(arguments.Caller, slot, ObjectType.SchedContext, out Capability* capability);
            if (status != Status.Ok)
            {
                return arguments.Refuse(status, 0);
            }
            context = (SchedContext*)capability->Object;
            bool isLent = context->Owner == null && context->Holder != null;
            if (isLent || (context->Owner != null && context->Owner != thread))
            {
                return Status.InvalidState;
            }
            Capability* time = &context->ControlBinding;
            if (!time->IsEmpty && SchedulingControls.CpuOf(time)->Index != thread->Cpu)
            {
                return arguments.Refuse(Status.WrongCpu, 0);
            }
        }
        bool isOther = context != null && context != thread->OwnSchedContext;
        Status found = SchedControlOperations.Find(cpu, arguments, thread, priority, isOther, out Capability* control);
        if (found != Status.Ok)
        {
            return found;
        }
        // Of the CPU where it waits for an answer, too: what it has lent is in a Reply object there.
        Threads.Hold(cpu, thread, out Cpu* home, out Cpu* place);
        Admit(thread, control, priority);
        ChangeScheduling(home, thread, (byte)priority, context);
        Threads.Release(cpu, home, place);
        return Status.Ok;
    }

    /// <summary>By this control from now on, if one is given.</summary>
    private static void Admit(Thread* thread, Capability* control, uint priority)
    {
        if (control != null)
        {
            SchedulingControls.Bind(control, &thread->ControlBinding, BindingKind.ThreadControl, priority, 0);
        }
    }

    private static void ChangeScheduling(Cpu* home, Thread* thread, byte priority, SchedContext* context)
    {
        bool isReady = thread->State == ThreadState.Ready;
        if (isReady)
        {
            Readiness.Dequeue(home, thread);
        }
        thread->Priority = priority;
        Turns.ForgetPlace(thread);
        if (thread->OwnSchedContext != context)
        {
            Ipc.Notifications.AskOf(thread);
            Lending.Disown(home, thread);
            thread->OwnSchedContext = context;
            thread->UpdateServerReply();
        }
        if (context != null)
        {
            context->Owner = thread;
            if (thread->State == ThreadState.Faulted && thread->FaultLabel == FaultLabel.Timeout)
            {
                // It was told of the time that it had borrowed, and goes on with this in its place.
                Lending.GiveBack(home, thread);
            }
            Lending.RunOnOwn(thread);
            if (Notifications.HasBits(thread->BoundNotification))
            {
                // It may be receiving, and had nothing to take them on.
                Notifications.SignalLocal(home, thread->BoundNotification, 0);
            }
        }
        if (isReady)
        {
            Readiness.MakeReady(home, thread);
        }
    }

    public static Status SetPriority(Cpu* cpu, Thread* thread, InvocationArguments arguments)
    {
        if (arguments.Word0 >= ReadyQueues.Priorities)
        {
            return arguments.Refuse(Status.InvalidArgument, 0);
        }
        var priority = (uint)arguments.Word0;
        Status status = SchedControlOperations.Find(cpu, arguments, thread, priority, false, out Capability* control);
        if (status != Status.Ok)
        {
            return status;
        }
        Cpu* home = Threads.HomeOf(cpu, thread);
        Rendezvous.Hold(cpu, home);
        Admit(thread, control, priority);
        Turns.ForgetPlace(thread);
        bool isQueued = ReadyQueues.Has(home, thread);
        if (isQueued)
        {
            Readiness.Dequeue(home, thread);
        }
        thread->Priority = (byte)priority;
        if (isQueued)
        {
            Readiness.MakeReady(home, thread);
        }
        Rendezvous.Release(cpu, home);
        return Status.Ok;
    }

    public static Status SetCpu(Cpu* cpu, Thread* thread, InvocationArguments arguments)
    {
        uint slot = arguments.Low(arguments.Word0);
        Status status = SchedControlOperations.Find(arguments, slot, out Capability* control);
        if (status == Status.Ok)
        {
            if (Revocation.Concerns(control))
            {
                return Revocation.Help(cpu);
            }
            status = Migration.Move(cpu, thread, control);
        }
        return status == Status.Ok ? status : arguments.Refuse(status, 0);
    }
}
