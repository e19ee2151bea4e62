using Skerry.Abi;
using Skerry.Kernel.Capabilities;

namespace Skerry.Kernel.Operations;

/// <summary>Operations of untyped memory.</summary>
internal static unsafe class UntypedOperations
{
    public static Status Invoke(Cpu* cpu, Capability* untyped, InvocationArguments arguments)
    {
        switch ((UntypedOperation)arguments.Operation)
        {
            case UntypedOperation.Retype:
                return Retype(cpu, untyped, arguments);
            case UntypedOperation.Query:
                return arguments.Return(untyped->PhysicalBase, untyped->Extent, UntypedMemory.Watermark(untyped));
            case UntypedOperation.Reset:
                return Reset(cpu, untyped);
            case UntypedOperation.Zero:
                return Zero(cpu, untyped, arguments);
            default:
                return Status.UnknownOperation;
        }
    }

    private static Status Retype(Cpu* cpu, Capability* untyped, InvocationArguments arguments)
    {
        Status status = UntypedMemory.Check(arguments.Word0, arguments.Word2, out RetypeRequest request);
        if (status != Status.Ok)
        {
            return arguments.Refuse(status, 0);
        }
        status = FindSlots(arguments, request.Count, out Capability* slots);
        if (status != Status.Ok)
        {
            return arguments.Refuse(status, 1);
        }
        status = UntypedMemory.Place(untyped, ref request, out ulong offset);
        if (status != Status.Ok)
        {
            return status;
        }
        UntypedMemory.BeginAnew(cpu, untyped);
        // Memory that stays untyped is zeroed when something else is made of it.
        bool isUsed = request.Type != ObjectType.Untyped;
        if (isUsed && !UntypedMemory.Zero(cpu, untyped, UntypedMemory.End(ref request, offset)))
        {
            return Invocation.Restart;
        }
        UntypedMemory.Make(untyped, ref request, offset, slots);
        return Status.Ok;
    }

    private static Status FindSlots(InvocationArguments arguments, uint count, out Capability* slots)
    {
        uint table = arguments.Low(arguments.Word1);
        uint first = arguments.High(arguments.Word1);
        Status status = Lookup.FindSlots(arguments.Caller, table, first, count, out slots);
        if (status != Status.Ok)
        {
            return status;
        }
        Capability* end = slots + count;
        for (Capability* slot = slots; slot < end; slot++)
        {
            if (!slot->IsEmpty)
            {
                return Status.SlotOccupied;
            }
        }
        return Status.Ok;
    }

    private static Status Reset(Cpu* cpu, Capability* untyped)
    {
        if (DerivationTree.HasChildren(untyped))
        {
            return Status.HasChildren;
        }
        UntypedMemory.BeginAnew(cpu, untyped);
        return Status.Ok;
    }

    private static Status Zero(Cpu* cpu, Capability* untyped, InvocationArguments arguments)
    {
        ulong end = arguments.Word0;
        if (end > UntypedMemory.SizeOf(untyped))
        {
            return arguments.Refuse(Status.InvalidArgument, 0);
        }
        UntypedMemory.BeginAnew(cpu, untyped);
        return UntypedMemory.Zero(cpu, untyped, end) ? Status.Ok : Invocation.Restart;
    }
}
