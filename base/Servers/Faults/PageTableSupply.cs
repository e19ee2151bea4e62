using Skerry.Abi;
using Skerry.Base.Kernel;
using Skerry.Base.Memory;
using Skerry.Base.Servers.Objects;

namespace Skerry.Base.Servers.Faults;

/// <summary>Page tables for the address space of a protection domain, made of the server's memory and paid by the domain.</summary>
internal static unsafe class PageTableSupply
{
    /// <summary>Makes the table that is missing.</summary>
    /// <returns>False if the domain's memory or capabilities are used up, or the server's memory.</returns>
    public static bool Add(Server* server, ProtectionDomain* pd, ulong address, int level)
    {
        ObjectRequest table = ObjectRequest.Of(ObjectType.PageTable);
        if (pd->Objects.TryMakeCharged(table, out CapabilitySlot slot) != ChargeResult.Ok)
        {
            return false;
        }
        // If another CPU's pager was faster, this table stays unused until the domain goes: that is rare, and bounded by
        // the number of CPUs for each table.
        Status status = new PageTableCapability(slot).Map(pd->Space, address, level);
        return status is Status.Ok or Status.AlreadyMapped;
    }
}
