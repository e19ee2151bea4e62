using Skerry.Abi;
using Skerry.Kernel.Capabilities;
using Skerry.Kernel.Objects;

namespace Skerry.Kernel.Operations;

/// <summary>The Invoke system call: from the capability's type and the label to the operation. Under the cluster lock.</summary>
internal static unsafe class Invocation
{
    public static Status Start(Cpu* cpu, Thread* thread, ulong address)
    {
        Capability* capability = Lookup.Slot(thread, address);
        if (capability == null)
        {
            return Lookup.Refusal(thread, address, null);
        }
        if ((1u << (int)capability->Type & Parents) != 0 && Revocation.Concerns(capability))
        {
            Revocation.Help(cpu);
            return GiveWay(thread);
        }
        var arguments = new InvocationArguments(thread);
        Status status =
            capability->Type == ObjectType.CapTable
                ? CapTableOperations.Invoke(cpu, capability, arguments)
                : Dispatch(cpu, capability, arguments);
        if (status == Restart)
        {
            return GiveWay(thread);
        }
        if (status == Status.Ok)
        {
            // Any other is written by who called: it may have to be a fault instead, which tells the number in rax.
            thread->Rax = (ulong)Status.Ok;
        }
        return status;
    }

    /// <summary>It is made again, with what is kept of it.</summary>
    private static Status GiveWay(Thread* thread)
    {
        Revocation.Keep(thread);
        return Threads.CallAgain(thread);
    }

    /// <summary>Of which other capabilities are made by invoking them; the rest add nothing to what is being revoked.</summary>
    private const uint Parents =
        (1u << (int)ObjectType.Untyped)
        | (1u << (int)ObjectType.Frame)
        | (1u << (int)ObjectType.SchedControl)
        | (1u << (int)ObjectType.DoorbellControl)
        | (1u << (int)ObjectType.MemoryControl)
        | (1u << (int)ObjectType.IrqControl)
        | (1u << (int)ObjectType.IoPorts);

    /// <summary>Not a status that user level sees: it gives way (Preemption), and the operation is not finished.</summary>
    public const Status Restart = (Status)ulong.MaxValue;

    private static Status Dispatch(Cpu* cpu, Capability* capability, InvocationArguments arguments)
    {
        switch (capability->Type)
        {
            case ObjectType.Untyped:
                return UntypedOperations.Invoke(cpu, capability, arguments);
            case ObjectType.PageTable:
                return PageTableOperations.Invoke(cpu, capability, arguments);
            case ObjectType.Frame:
                return FrameOperations.Invoke(cpu, capability, arguments);
            case ObjectType.AddressSpace:
                return AddressSpaceOperations.Invoke(cpu, capability, arguments);
            case ObjectType.Thread:
                return ThreadOperations.Invoke(cpu, capability, arguments);
            case ObjectType.SchedContext:
                return SchedContextOperations.Invoke(cpu, capability, arguments);
            case ObjectType.Endpoint:
                return EndpointOperations.Invoke(cpu, capability, arguments);
            case ObjectType.DoorbellControl:
            case ObjectType.MemoryControl:
                return ControlOperations.Invoke(capability, arguments);
            case ObjectType.CpuControl:
                return CpuControlOperations.Invoke(cpu, capability, arguments);
            case ObjectType.SchedControl:
                return SchedControlOperations.Invoke(capability, arguments);
            case ObjectType.IoPorts:
                return IoPortsOperations.Invoke(capability, arguments);
            case ObjectType.IrqControl:
                return IrqControlOperations.Invoke(capability, arguments);
            case ObjectType.IrqHandler:
                return IrqHandlerOperations.Invoke(cpu, capability, arguments);
            case ObjectType.None:
                return Status.InvalidCapability;
            case Capability.Dying:
                return Status.BeingDeleted;
            default:
                return Status.WrongObjectType;
        }
    }
}
