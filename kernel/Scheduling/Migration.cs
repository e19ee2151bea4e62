using System.Runtime.CompilerServices;
using Skerry.Abi;
using Skerry.Kernel.Capabilities;
using Skerry.Kernel.Cluster;
using Skerry.Kernel.Machine;
using Skerry.Kernel.Objects;

namespace Skerry.Kernel.Scheduling;

/// <summary>
/// Moves a thread to another CPU of the cluster, with its Reply object and the context it runs on. Under the cluster lock.
/// </summary>
/// <remarks>
/// What the kernel keeps for each CPU must not name it on the old one afterwards: its ready queue, what it charges and
/// refills, endpoints and notifications at which only threads of their own CPU wait for something. A sender, a caller and a
/// faulter may wait anywhere in the cluster, so those stay where they wait; but no Reply object vouches for a caller of
/// another CPU. The fault table is looked up by CPU, so the pager changes by itself.
/// </remarks>
internal static unsafe class Migration
{
    public static Status Move(Cpu* cpu, Thread* thread, Capability* control)
    {
        ClusterLock.MustBeHeld();
        uint target = SchedulingControls.CpuOf(control)->Index;
        if (target == thread->Cpu)
        {
            return Stay(cpu, thread, control);
        }
        Threads.Hold(cpu, thread, out Cpu* home, out Cpu* place);
        Status status = Check(thread);
        if (status == Status.Ok)
        {
            status = Admits(thread, control);
        }
        if (status == Status.Ok)
        {
            cpu->Count(CpuCounter.Migrations);
            bool runs = Leave(home, thread);
            thread->Cpu = (byte)target;
            Transfer(thread, control);
            if (HasTime(thread) && !SchedulingControls.IsWhole(control))
            {
                Budgets.BeginEmpty(thread->OwnSchedContext, Hardware.ReadTimeStampCounter());
            }
            if (thread->Reply != null)
            {
                thread->Reply->Cpu = target;
            }
            if (runs)
            {
                Threads.Wake(cpu, thread);
            }
        }
        Threads.Release(cpu, home, place);
        return status;
    }

    /// <summary>It is on that CPU already: nothing moves, but it has its priority and its time by this control from now on.</summary>
    private static Status Stay(Cpu* cpu, Thread* thread, Capability* control)
    {
        Cpu* home = ClusterCpus.At(thread->Cpu);
        Rendezvous.Hold(cpu, home);
        Status status = Admits(thread, control);
        if (status == Status.Ok)
        {
            SchedContext* own = thread->OwnSchedContext;
            if (HasTime(thread) && SchedulingControls.IsNewShare(control, own, own->Budget, own->Period))
            {
                Timekeeping.Configure(home, own, own->Budget, own->Period, isNewShare: true);
            }
            Transfer(thread, control);
        }
        Rendezvous.Release(cpu, home);
        return status;
    }

    private static Status Check(Thread* thread)
    {
        bool serves = thread->Reply != null && thread->Reply->Caller != null;
        bool borrows = thread->SchedContext != null && thread->SchedContext != thread->OwnSchedContext;
        bool isBound = thread->BoundNotification != null;
        if (serves || borrows || isBound || Lending.LoanOf(thread) != null)
        {
            return Status.InvalidState;
        }
        bool receives = thread->State is ThreadState.Receiving or ThreadState.Waiting;
        // It would be told that its wait has ended, and have nothing to hear it on.
        return receives && thread->SchedContext == null ? Status.NoSchedulingContext : Status.Ok;
    }

    /// <summary>Whether the control over there allows the thread its priority and its time.</summary>
    private static Status Admits(Thread* thread, Capability* control)
    {
        if (thread->Rank > SchedulingControls.HighestPriority(control) + 1)
        {
            return Status.MissingRight;
        }
        if (!HasTime(thread))
        {
            return Status.Ok;
        }
        SchedContext* own = thread->OwnSchedContext;
        if (own->Holder != null && own->Holder != thread && !SchedulingControls.IsWhole(control))
        {
            // A part begins with a wait, and who works on it here is in the midst of it.
            return Status.InvalidState;
        }
        if (!Budgets.IsLargeEnough(own->Budget, control))
        {
            return Status.MissingRight;
        }
        Capability* time = &own->ControlBinding;
        return SchedulingControls.Admits(control, SchedulingControls.Share(time), time);
    }

    /// <summary>It has a context of its own that a control has given time.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static bool HasTime(Thread* thread) =>
        thread->OwnSchedContext != null && !thread->OwnSchedContext->ControlBinding.IsEmpty;

    /// <summary>What it has by the control that it had it by until now.</summary>
    private static void Transfer(Thread* thread, Capability* control)
    {
        Capability* admission = &thread->ControlBinding;
        if (!admission->IsEmpty)
        {
            SchedulingControls.Transfer(control, admission, thread->Priority);
        }
        if (HasTime(thread))
        {
            Capability* time = &thread->OwnSchedContext->ControlBinding;
            SchedulingControls.Transfer(control, time, SchedulingControls.HighestPriority(control));
        }
    }

    /// <returns>Whether it is to run over there.</returns>
    private static bool Leave(Cpu* home, Thread* thread)
    {
        bool runs = false;
        switch (thread->State)
        {
            case ThreadState.Running:
            case ThreadState.Ready:
            case ThreadState.Receiving:
            case ThreadState.Waiting:
                Threads.Detach(home, thread, Status.WrongCpu);
                runs = true;
                break;
            case ThreadState.AwaitingReply:
            case ThreadState.Faulted:
                if (Lending.AwaitsAnswer(thread))
                {
                    thread->AwaitedReply->Unmark();
                }
                break;
        }
        Debugging.Forget(home, thread);
        Revocation.ForgetNote(home, thread);
        if (thread->SchedContext != null)
        {
            Timekeeping.Leave(home, thread->SchedContext);
        }
        return runs;
    }
}
