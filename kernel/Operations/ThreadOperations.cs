using Skerry.Abi;
using Skerry.Abi.Boot;
using Skerry.Kernel.Capabilities;
using Skerry.Kernel.Cluster;
using Skerry.Kernel.Memory;
using Skerry.Kernel.Objects;
using Skerry.Kernel.Scheduling;

namespace Skerry.Kernel.Operations;

/// <summary>Operations of threads: which there are, and those that say what a thread consists of.</summary>
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
                return ThreadTimeOperations.SetScheduling(cpu, thread, arguments);
            case ThreadOperation.SetReply:
                return ThreadMessageOperations.SetReply(cpu, thread, arguments);
            case ThreadOperation.SetBuffer:
                return SetBuffer(cpu, thread, arguments);
            case ThreadOperation.WriteRegisters:
                return ThreadRegisterOperations.WriteRegisters(thread, arguments);
            case ThreadOperation.ReadRegisters:
                return ThreadRegisterOperations.ReadRegisters(thread, arguments);
            case ThreadOperation.Resume:
                return Resume(cpu, thread);
            case ThreadOperation.Suspend:
                Threads.Stop(cpu, thread);
                return Status.Ok;
            case ThreadOperation.BindNotification:
                return ThreadMessageOperations.BindNotification(cpu, thread, arguments);
            case ThreadOperation.SetPriority:
                return ThreadTimeOperations.SetPriority(cpu, thread, arguments);
            case ThreadOperation.SetCpu:
                return ThreadTimeOperations.SetCpu(cpu, thread, arguments);
            case ThreadOperation.ReadAllRegisters:
                return ThreadRegisterOperations.ReadAll(cpu, thread, arguments);
            case ThreadOperation.WriteAllRegisters:
                return ThreadRegisterOperations.WriteAll(cpu, thread, arguments);
            case ThreadOperation.SetBreakpoint:
                return ThreadDebugOperations.SetBreakpoint(cpu, thread, arguments);
            case ThreadOperation.ClearBreakpoint:
                return ThreadDebugOperations.ClearBreakpoint(cpu, thread, arguments);
            case ThreadOperation.SetSingleStep:
                return ThreadDebugOperations.SetSingleStep(cpu, thread, arguments);
            case ThreadOperation.SetFaults:
                return SetFaults(cpu, thread, arguments);
            default:
                return Status.UnknownOperation;
        }
    }

    private static Status SetSpaces(Cpu* cpu, Thread* thread, InvocationArguments arguments)
    {
        if (arguments.IsToEmptyTables)
        {
            return arguments.EmptyTables(cpu);
        }
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
                return Revocation.Concerns(table) || Revocation.Concerns(space)
                    ? Revocation.Help(cpu)
                    : Bind(cpu, thread, table, space, arguments);
            }
        }
        return arguments.Refuse(status, 0);
    }

    /// <summary>
    /// Both or none: neither binding takes more than a step, and neither can be refused, as both kinds can be copied and no
    /// revoke concerns them. What the old ones leave to be done is done last, when nothing of this is used any more.
    /// </summary>
    private static Status Bind(
        Cpu* cpu,
        Thread* thread,
        Capability* table,
        Capability* space,
        InvocationArguments arguments
    )
    {
        var newSpace = (AddressSpace*)space->Object;
        if (thread->AddressSpace != newSpace)
        {
            // They are another protection domain's.
            Threads.ResetRegisters(thread);
        }
        ulong before = DyingTables.Come;
        BindingOwner.Bind(cpu, table, &thread->CapTableBinding, BindingKind.ThreadCapTable);
        BindingOwner.Bind(cpu, space, &thread->AddressSpaceBinding, BindingKind.ThreadAddressSpace);
        thread->Capabilities = (Capability*)table->Object;
        thread->CapabilityCount = 1u << (int)table->Extent;
        thread->AddressSpace = newSpace;
        thread->Root = PageTables.RootOf(newSpace);
        thread->Cookie = arguments.Word1;
        return arguments.BeginToEmptyTables(cpu, before);
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
        // Messages are sent out of it, and received into it.
        const FrameRights needed = FrameRights.Read | FrameRights.Write;
        bool isBoth = ((FrameRights)frame->Rights & needed) == needed;
        if (!inside || !isBoth || !OwnedMemory.Contains(physical, UserLayout.PageSize))
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

    private static Status Resume(Cpu* cpu, Thread* thread)
    {
        if (thread->State != ThreadState.Inactive || thread->Root == 0 || thread->Rank == 0)
        {
            return Status.InvalidState;
        }
        Threads.Wake(cpu, thread);
        return Status.Ok;
    }

    /// <summary>A thread that stands without time is asked anew whether that is to be told.</summary>
    private static Status SetFaults(Cpu* cpu, Thread* thread, InvocationArguments arguments)
    {
        if ((arguments.Word0 & ~(ulong)ThreadFaults.All) != 0)
        {
            return arguments.Refuse(Status.InvalidArgument, 0);
        }
        Cpu* home = Threads.HomeOf(cpu, thread);
        Rendezvous.Hold(cpu, home);
        thread->Faults = (ThreadFaults)arguments.Word0;
        thread->TimeoutHandler = arguments.Low(arguments.Word1);
        Readiness.AskForTime(home, thread);
        Rendezvous.Release(cpu, home);
        return Status.Ok;
    }
}
