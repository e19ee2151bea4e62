using Skerry.Abi;
using Skerry.Kernel.Capabilities;
using Skerry.Kernel.Memory;
using Skerry.Kernel.Objects;

namespace Skerry.Kernel.Operations;

/// <summary>Operations of page tables.</summary>
internal static unsafe class PageTableOperations
{
    public static Status Invoke(Cpu* cpu, Capability* table, InvocationArguments arguments)
    {
        switch ((PageTableOperation)arguments.Operation)
        {
            case PageTableOperation.Map:
                Status status = Lookup.Find(
                    arguments.Caller,
                    arguments.Low(arguments.Word0),
                    ObjectType.AddressSpace,
                    out Capability* space
                );
                if (status != Status.Ok)
                {
                    return arguments.Refuse(status, 0);
                }
                status = PageTableMapping.Map(
                    table,
                    (AddressSpace*)space->Object,
                    arguments.Word1,
                    arguments.Word2,
                    out ulong missing
                );
                return status == Status.Ok ? status : arguments.Refuse(status, missing);
            case PageTableOperation.Unmap:
                if (table->MappedIn == null)
                {
                    return Status.NotMapped;
                }
                PageTableMapping.Unmap(cpu, table);
                return Status.Ok;
            default:
                return Status.UnknownOperation;
        }
    }
}
