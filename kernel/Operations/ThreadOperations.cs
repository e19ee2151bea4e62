using Skerry.Abi;
using Skerry.Abi.Boot;
using Skerry.Kernel.Capabilities;
using Skerry.Kernel.Cluster;
using Skerry.Kernel.Ipc;
using Skerry.Kernel.Memory;
using Skerry.Kernel.Objects;
using Skerry.Kernel.Scheduling;

namespace Skerry.Kernel.Operations;

/// <summary>Operations of threads. What changes a thread happens while its CPU stands still.</summary>
internal static unsafe class ThreadOperations
{
    public static Status Invoke(Cpu* cpu, Capability* capability, InvocationArguments arguments)
    {
        var thread = (Thread*)capability->Object;
        switch ((ThreadOperation)arguments.Operation)
        {
            case ThreadOperation.SetSpaces:
                return SetSpaces(cpu, thread, arguments);
            case ThreadOperation.SetScheduling:
                return SetScheduling(cpu, thread, arguments);
            case ThreadOperation.SetReply:
                return SetReply(cpu, thread, arguments);
            case ThreadOperation.SetBuffer:
                return SetBuffer(cpu, thread, arguments);
            case ThreadOperation.WriteRegisters:
                return WriteRegisters(thread, arguments);
            case ThreadOperation.ReadRegisters:
                return ReadRegisters(thread, arguments);
            case ThreadOperation.Resume:
                return Resume(cpu, thread);
            case ThreadOperation.Suspend:
                Threads.Stop(cpu, thread);
                return Status.Ok;
            case ThreadOperation.BindNotification:
                return BindNotification(cpu, thread, arguments);
            default:
                return Status.UnknownOperation;
        }
    }

    private static Status ReadRegisters(Thread* thread, InvocationArguments arguments)
    {
        // Of a thread that runs, elsewhere, its state says nothing; in a system call, its flags do not.
        bool runs = ClusterCpus.At(thread->Cpu)->Current == thread;
        ThreadState state = runs ? ThreadState.Running : thread->State;
        ulong flags = (thread->Flags & ThreadFlags.FullFrame) != 0 ? thread->Rflags : Threads.InitialRflags;
        return arguments.Return(thread->Rip, thread->Rsp, flags, (ulong)state);
    }

    private static Status SetSpaces(Cpu* cpu, Thread* thread, InvocationArguments arguments)
    {
        if (thread->State != ThreadState.Inactive)
        {
            return Status.InvalidState;
        }
        Status status = Lookup.Find(
            arguments.Caller,
            arguments.Low(arguments.Word0),
            ObjectType.CapTable,
            out Capability* table
        );
        if (status == Status.Ok)
        {
            status = Lookup.Find(
                arguments.Caller,
                arguments.High(arguments.Word0),
                ObjectType.AddressSpace,
                out Capability* space
            );
            if (status == Status.Ok)
            {
                return Bind(cpu, thread, table, space, arguments.Word1);
            }
        }
        return arguments.Refuse(status, 0);
    }

    private static Status Bind(Cpu* cpu, Thread* thread, Capability* table, Capability* space, ulong cookie)
    {
        Status status = BindingOwner.Bind(cpu, table, &thread->CapTableBinding, BindingKind.ThreadCapTable);
        if (status != Status.Ok)
        {
            return status;
        }
        status = BindingOwner.Bind(cpu, space, &thread->AddressSpaceBinding, BindingKind.ThreadAddressSpace);
        if (status != Status.Ok)
        {
            return status;
        }
        thread->Capabilities = (Capability*)table->Object;
        thread->CapabilityCount = 1u << (int)table->Extent;
        thread->AddressSpace = (AddressSpace*)space->Object;
        thread->Root = PageTables.RootOf(thread->AddressSpace);
        thread->Cookie = cookie;
        return Status.Ok;
    }

    private static Status SetScheduling(Cpu* cpu, Thread* thread, InvocationArguments arguments)
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
        }
        Cpu* home = ClusterCpus.At(thread->Cpu);
        Rendezvous.Hold(cpu, home);
        ChangeScheduling(home, thread, (byte)priority, context);
        Rendezvous.Release(cpu, home);
        return Status.Ok;
    }

    private static void ChangeScheduling(Cpu* home, Thread* thread, byte priority, SchedContext* context)
    {
        bool isReady = thread->State == ThreadState.Ready;
        if (isReady)
        {
            Scheduler.Dequeue(home, thread);
        }
        thread->Priority = priority;
        if (thread->OwnSchedContext != context)
        {
            Lending.Disown(home, thread);
            thread->OwnSchedContext = context;
            thread->UpdateServerReply();
        }
        if (context != null)
        {
            context->Owner = thread;
            SchedContextOperations.SetDefault(context);
            Lending.RunOnOwn(thread);
        }
        if (isReady)
        {
            Scheduler.MakeReady(home, thread);
        }
    }

    private static Status SetReply(Cpu* cpu, Thread* thread, InvocationArguments arguments)
    {
        Status status = Lookup.Find(
            arguments.Caller,
            arguments.Low(arguments.Word0),
            ObjectType.Reply,
            out Capability* capability
        );
        if (status != Status.Ok)
        {
            return arguments.Refuse(status, 0);
        }
        var reply = (Reply*)capability->Object;
        if ((reply->Owner != null && reply->Owner != thread) || reply->Caller != null)
        {
            return Status.InvalidState;
        }
        Cpu* home = ClusterCpus.At(thread->Cpu);
        Rendezvous.Hold(cpu, home);
        Reply* old = thread->Reply;
        if (old != null)
        {
            old->Unmark();
            old->Owner = null;
            if (old->Borrower == thread)
            {
                thread->BorrowedThrough = old;
            }
        }
        reply->Owner = thread;
        reply->Cpu = thread->Cpu;
        thread->Reply = reply;
        thread->UpdateServerReply();
        Rendezvous.Release(cpu, home);
        return Status.Ok;
    }

    private static Status SetBuffer(Cpu* cpu, Thread* thread, InvocationArguments arguments)
    {
        Status status = Lookup.Find(
            arguments.Caller,
            arguments.Low(arguments.Word0),
            ObjectType.Frame,
            out Capability* frame
        );
        if (status != Status.Ok)
        {
            return arguments.Refuse(status, 0);
        }
        ulong offset = arguments.Word1;
        if (offset % UserLayout.PageSize != 0)
        {
            return arguments.Refuse(Status.Misaligned, 1);
        }
        ulong physical = frame->PhysicalBase + offset;
        bool inside = offset / UserLayout.PageSize < frame->Extent;
        bool writable = (frame->Rights & (byte)FrameRights.Write) != 0;
        if (!inside || !writable || !OwnedMemory.Contains(physical, UserLayout.PageSize))
        {
            // The kernel writes it through the direct map, which has the cluster's own memory alone.
            return arguments.Refuse(Status.InvalidArgument, 1);
        }
        if (thread->State != ThreadState.Inactive)
        {
            return Status.InvalidState;
        }
        status = BindingOwner.Bind(cpu, frame, &thread->BufferBinding, BindingKind.ThreadBuffer);
        if (status == Status.Ok)
        {
            thread->Buffer = (MessageBuffer*)(KernelLayout.DirectMap + physical);
        }
        return status;
    }

    private static Status WriteRegisters(Thread* thread, InvocationArguments arguments)
    {
        if (thread->State != ThreadState.Inactive)
        {
            return Status.InvalidState;
        }
        if (!PageTables.IsUserRange(arguments.Word0, 1))
        {
            return arguments.Refuse(Status.InvalidAddress, 0);
        }
        thread->Flags |= ThreadFlags.FullFrame;
        thread->Rip = arguments.Word0;
        thread->Rsp = arguments.Word1;
        thread->Rdi = arguments.Word2;
        thread->Rflags = Threads.InitialRflags;
        return Status.Ok;
    }

    private static Status Resume(Cpu* cpu, Thread* thread)
    {
        if (thread->State != ThreadState.Inactive || thread->Root == 0)
        {
            return Status.InvalidState;
        }
        Threads.Wake(cpu, thread);
        return Status.Ok;
    }

    private static Status BindNotification(Cpu* cpu, Thread* thread, InvocationArguments arguments)
    {
        Notification* notification = null;
        uint slot = arguments.Low(arguments.Word0);
        if (slot != 0)
        {
            Status status = Lookup.Find(
                arguments.Caller,
                slot,
                ObjectType.Notification,
                (byte)NotificationRights.Wait,
                out Capability* capability
            );
            if (status != Status.Ok)
            {
                return arguments.Refuse(status, 0);
            }
            notification = (Notification*)capability->Object;
            if (notification->Cpu != thread->Cpu)
            {
                return Status.WrongCpu;
            }
            if (notification->BoundThread != null)
            {
                return Status.InvalidState;
            }
        }
        Cpu* home = ClusterCpus.At(thread->Cpu);
        Rendezvous.Hold(cpu, home);
        if (thread->BoundNotification != null)
        {
            thread->BoundNotification->BoundThread = null;
        }
        thread->BoundNotification = notification;
        thread->UpdateServerReply();
        if (notification != null)
        {
            notification->BoundThread = thread;
            if (Notifications.HasBits(notification))
            {
                // It may be receiving already: the bits that are there have been signalled.
                Notifications.SignalLocal(home, notification, 0);
            }
        }
        Rendezvous.Release(cpu, home);
        return Status.Ok;
    }
}
