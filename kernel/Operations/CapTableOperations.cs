using Skerry.Abi;
using Skerry.Kernel.Capabilities;
using Skerry.Kernel.Objects;

namespace Skerry.Kernel.Operations;

/// <summary>Operations on the slots of the invoked table.</summary>
internal static unsafe class CapTableOperations
{
    public static Status Invoke(Cpu* cpu, Capability* table, InvocationArguments arguments)
    {
        Capability* slot = Lookup.SlotOf(table, arguments.Low(arguments.Word0));
        if (slot == null)
        {
            return arguments.Refuse(Status.InvalidArgument, 0);
        }
        // The two that are frequent first.
        var operation = (CapTableOperation)arguments.Operation;
        if (operation == CapTableOperation.Copy)
        {
            return Derive(cpu, arguments, slot, badge: 0);
        }
        return operation == CapTableOperation.Delete ? Delete(cpu, slot) : Others(cpu, slot, operation, arguments);
    }

    private static Status Others(Cpu* cpu, Capability* slot, CapTableOperation operation, InvocationArguments arguments)
    {
        switch (operation)
        {
            case CapTableOperation.Mint:
                return arguments.Word2 == 0
                    ? arguments.Refuse(Status.InvalidArgument, 2)
                    : Derive(cpu, arguments, slot, arguments.Word2);
            case CapTableOperation.Move:
                return Move(arguments, slot);
            case CapTableOperation.Revoke:
                return Revoke(cpu, arguments, slot);
            case CapTableOperation.Swap:
                return Swap(arguments, slot);
            default:
                return Status.UnknownOperation;
        }
    }

    private static Status Derive(Cpu* cpu, InvocationArguments arguments, Capability* destination, ulong badge)
    {
        if (arguments.High(arguments.Word0) != 0)
        {
            return DeriveFromTable(cpu, arguments, destination, badge);
        }
        Capability* source = Lookup.OwnSlot(arguments.Caller, arguments.Low(arguments.Word1));
        if (source == null || source->IsEmpty)
        {
            return RefuseOther(arguments);
        }
        return Derive(cpu, source, destination, (byte)arguments.High(arguments.Word1), badge);
    }

    private static Status DeriveFromTable(Cpu* cpu, InvocationArguments arguments, Capability* destination, ulong badge)
    {
        Capability* source = Other(arguments);
        if (source == null || source->IsEmpty)
        {
            return RefuseOther(arguments);
        }
        return Derive(cpu, source, destination, (byte)arguments.High(arguments.Word1), badge);
    }

    private static Status Derive(Cpu* cpu, Capability* source, Capability* destination, byte rights, ulong badge)
    {
        if (!destination->IsEmpty)
        {
            return Status.SlotOccupied;
        }
        return Revocation.Concerns(source) ? Revocation.Help(cpu) : Copying.Derive(source, destination, rights, badge);
    }

    private static Status Move(InvocationArguments arguments, Capability* destination)
    {
        Capability* source = Other(arguments);
        if (source == null || source->IsEmpty)
        {
            return RefuseOther(arguments);
        }
        return destination->IsEmpty ? Copying.Move(source, destination) : Status.SlotOccupied;
    }

    private static Status Swap(InvocationArguments arguments, Capability* one)
    {
        Status status = Copying.MayMove(one);
        if (status != Status.Ok)
        {
            return arguments.Refuse(status, 0);
        }
        Capability* other = Other(arguments);
        if (other == null || other->IsEmpty)
        {
            return RefuseOther(arguments);
        }
        status = one == other ? Status.InvalidArgument : Copying.MayMove(other);
        if (status != Status.Ok)
        {
            return arguments.Refuse(status, 1);
        }
        Copying.Swap(one, other);
        return Status.Ok;
    }

    /// <summary>The slot that lies in the table of the arguments, empty or not; null if there is none.</summary>
    private static Capability* Other(InvocationArguments arguments)
    {
        uint table = arguments.High(arguments.Word0);
        uint index = arguments.Low(arguments.Word1);
        if (table == 0)
        {
            return Lookup.OwnSlot(arguments.Caller, index);
        }
        Status status = Lookup.FindTableSlot(arguments.Caller, table, index, out Capability* other);
        return status == Status.Ok ? other : null;
    }

    private static Status RefuseOther(InvocationArguments arguments)
    {
        Status status = Lookup.FindTableSlot(
            arguments.Caller,
            arguments.High(arguments.Word0),
            arguments.Low(arguments.Word1),
            out _
        );
        return arguments.Refuse(status == Status.Ok ? Status.InvalidCapability : status, 1);
    }

    private static Status Delete(Cpu* cpu, Capability* slot)
    {
        if (Deletion.IsOneOfMany(slot))
        {
            Deletion.DropOneOfMany(slot);
            return Status.Ok;
        }
        return DeleteWithObject(cpu, slot);
    }

    private static Status DeleteWithObject(Cpu* cpu, Capability* slot)
    {
        if (slot->IsEmpty)
        {
            return Status.InvalidCapability;
        }
        if (slot->Type == ObjectType.Untyped && DerivationTree.HasChildren(slot))
        {
            return Status.HasChildren;
        }
        return Deletion.Delete(cpu, slot) ? Status.Ok : Invocation.Restart;
    }

    private static Status Revoke(Cpu* cpu, InvocationArguments arguments, Capability* slot)
    {
        Thread* caller = arguments.Caller;
        if (slot->IsEmpty)
        {
            return Status.InvalidCapability;
        }
        ulong mark = Revocation.AwaitedTables;
        ulong putAside = Revocation.TablesPutAside;
        bool isFinished = Revocation.IsFinished(slot);
        bool isDone = isFinished
            ? Deletion.AwaitTables(cpu, putAside, ref mark)
            : Deletion.Revoke(cpu, slot, ref putAside, ref mark);
        if (isDone)
        {
            Revocation.ForgetNote(caller);
            // It may have lain in a table that was made of it: what is left of its children went to its parent.
            return slot->IsEmpty ? Status.InvalidCapability : Status.Ok;
        }
        Revocation.AwaitedTables = mark;
        Revocation.TablesPutAside = putAside;
        // One that is empty by now may lie in a table that has ended; and who has taken everything needs no help.
        bool needsHelp = !isFinished && mark == 0 && !slot->IsEmpty && DerivationTree.HasChildren(slot);
        if (cpu->Current == caller && needsHelp)
        {
            Revocation.Note(cpu, slot);
        }
        return Invocation.Restart;
    }
}
