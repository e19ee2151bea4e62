using Skerry.Abi;
using Skerry.Kernel.Capabilities;
using Skerry.Kernel.Ipc;
using Skerry.Kernel.Memory;
using Skerry.Kernel.Objects;

namespace Skerry.Kernel.Operations;

/// <summary>Operations of address spaces.</summary>
internal static unsafe class AddressSpaceOperations
{
    public static Status Invoke(Cpu* cpu, Capability* capability, InvocationArguments arguments)
    {
        var space = (AddressSpace*)capability->Object;
        switch ((AddressSpaceOperation)arguments.Operation)
        {
            case AddressSpaceOperation.SetFaultTable:
                return SetFaultTable(cpu, space, arguments);
            case AddressSpaceOperation.Query:
                return Query(space, arguments);
            default:
                return Status.UnknownOperation;
        }
    }

    private static Status SetFaultTable(Cpu* cpu, AddressSpace* space, InvocationArguments arguments)
    {
        if (arguments.IsToEmptyTables)
        {
            return arguments.EmptyTables(cpu);
        }
        Status status = Lookup.Find(
            arguments.Caller,
            arguments.Low(arguments.Word0),
            ObjectType.CapTable,
            out Capability* table
        );
        if (status != Status.Ok)
        {
            return arguments.Refuse(status, 0);
        }
        // The one before goes in one step, and takes nothing along that is used here.
        ulong before = DyingTables.Come;
        status = BindingOwner.Bind(cpu, table, &space->FaultTableBinding, BindingKind.FaultTable);
        if (status != Status.Ok)
        {
            return status;
        }
        FaultTables.Set(space, (Capability*)table->Object, table->Extent);
        return arguments.BeginToEmptyTables(cpu, before);
    }

    private static Status Query(AddressSpace* space, InvocationArguments arguments)
    {
        if (!PageTables.IsUserRange(arguments.Word0, 1))
        {
            return arguments.Refuse(Status.InvalidAddress, 0);
        }
        ulong* entry = PageTables.Descend(space, arguments.Word0, PageTables.PageLevel, out int level);
        if (*entry == 0)
        {
            return Status.NotMapped;
        }
        var page = new PageTableEntry(*entry);
        ulong within = arguments.Word0 & (PageTables.SpanOf(level) - UserLayout.PageSize);
        return arguments.Return(page.PhysicalAddress + within, page.AttributesAt(level).Value);
    }
}
