using System.Runtime.CompilerServices;
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
        var arguments = new InvocationArguments(thread);
        if (Revocation.IsUnderWay && IsConcerned(capability, arguments.Operation))
        {
            Revocation.Help(cpu);
            return GiveWay(thread);
        }
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

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static bool IsConcerned(Capability* capability, ulong operation) =>
        MakesCapability(capability->Type, operation) && Revocation.Concerns(capability);

    /// <summary>Whether the operation makes another capability; the rest add nothing to what is being revoked.</summary>
    private static bool MakesCapability(ObjectType type, ulong operation) =>
        type switch
        {
            ObjectType.Untyped => operation == (ulong)UntypedOperation.Retype,
            ObjectType.Frame => operation == (ulong)FrameOperation.Derive,
            ObjectType.SchedControl => operation == (ulong)SchedControlOperation.Derive,
            ObjectType.IoPorts => operation == (ulong)IoPortsOperation.Derive,
            ObjectType.DoorbellControl or ObjectType.MemoryControl or ObjectType.IrqControl => true,
            _ => false,
        };

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
