using Skerry.Abi;
using Skerry.Kernel.Capabilities;
using Skerry.Kernel.Objects;

namespace Skerry.Kernel.Operations;

/// <summary>Operations on the slots of the invoked table.</summary>
internal static unsafe class CapTableOperations
{
    public static Status Invoke(Cpu* cpu, Capability* table, InvocationArguments arguments)
    {
        Status status = Lookup.SlotOf(table, arguments.Low(arguments.Word0), out Capability* slot);
        if (status != Status.Ok)
        {
            return arguments.Refuse(status, 0);
        }
        switch ((CapTableOperation)arguments.Operation)
        {
            case CapTableOperation.Copy:
                return Derive(arguments, slot, badge: 0);
            case CapTableOperation.Mint:
                return arguments.Word2 == 0
                    ? arguments.Refuse(Status.InvalidArgument, 2)
                    : Derive(arguments, slot, arguments.Word2);
            case CapTableOperation.Move:
                return Move(arguments, slot);
            case CapTableOperation.Delete:
                return Delete(cpu, slot);
            case CapTableOperation.Revoke:
                return Revoke(cpu, slot);
            default:
                return Status.UnknownOperation;
        }
    }

    private static Status Derive(InvocationArguments arguments, Capability* destination, ulong badge)
    {
        Status status = Source(arguments, out Capability* source);
        if (status != Status.Ok)
        {
            return arguments.Refuse(status, 1);
        }
        return destination->IsEmpty
            ? Copying.Derive(source, destination, (byte)arguments.High(arguments.Word1), badge)
            : Status.SlotOccupied;
    }

    private static Status Move(InvocationArguments arguments, Capability* destination)
    {
        Status status = Source(arguments, out Capability* source);
        if (status != Status.Ok)
        {
            return arguments.Refuse(status, 1);
        }
        return destination->IsEmpty ? Copying.Move(source, destination) : Status.SlotOccupied;
    }

    private static Status Source(InvocationArguments arguments, out Capability* source)
    {
        Thread* caller = arguments.Caller;
        Status status = Lookup.FindTableSlot(
            caller,
            arguments.High(arguments.Word0),
            arguments.Low(arguments.Word1),
            out source
        );
        return status == Status.Ok && source->IsEmpty ? Status.InvalidCapability : status;
    }

    private static Status Delete(Cpu* cpu, Capability* slot)
    {
        if (slot->IsEmpty)
        {
            return Status.InvalidCapability;
        }
        if (slot->Type == ObjectType.Untyped && DerivationTree.HasChildren(slot))
        {
            return Status.HasChildren;
        }
        Deletion.Delete(cpu, slot);
        return Status.Ok;
    }

    private static Status Revoke(Cpu* cpu, Capability* slot)
    {
        if (slot->IsEmpty)
        {
            return Status.InvalidCapability;
        }
        return Deletion.Revoke(cpu, slot) ? Status.Ok : Invocation.Restart;
    }
}
