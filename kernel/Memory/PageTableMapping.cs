using Skerry.Abi;
using Skerry.Abi.Boot;
using Skerry.Kernel.Capabilities;
using Skerry.Kernel.Cluster;
using Skerry.Kernel.Objects;

namespace Skerry.Kernel.Memory;

/// <summary>Putting page tables into address spaces and taking them out. Under the cluster lock.</summary>
internal static unsafe class PageTableMapping
{
    public static Status Map(Capability* table, AddressSpace* space, ulong address, ulong level, out ulong missing)
    {
        ClusterLock.MustBeHeld();
        missing = 0;
        if (level is < 1 or > 3)
        {
            return Status.InvalidArgument;
        }
        if (!PageTables.IsUserRange(address, 1))
        {
            return Status.InvalidAddress;
        }
        if (table->MappedIn != null)
        {
            return Status.AlreadyMapped;
        }
        ulong* entry = PageTables.Descend(space, address, (int)level + 1, out int reached);
        if (*entry != 0)
        {
            return Status.AlreadyMapped;
        }
        if (reached != (int)level + 1)
        {
            missing = (ulong)(reached - 1);
            return Status.MissingPageTable;
        }
        // If the address space it was mapped in went first, it still shows what it showed there.
        Clear((ulong*)table->Object);
        ulong span = PageTables.SpanOf((int)level + 1);
        table->SetExtent((uint)level);
        table->SetMapping(space, address & ~(span - 1));
        ulong own = PageTableEntry.ForTable((ulong)table->Object - KernelLayout.DirectMap).Value;
        PageTables.SetTable(space, entry, own);
        return Status.Ok;
    }

    public static void Unmap(Cpu* cpu, Capability* table)
    {
        ClusterLock.MustBeHeld();
        AddressSpace* space = table->MappedIn;
        if (space == null)
        {
            return;
        }
        ulong* entry = PageTables.Descend(space, table->WindowAddress, (int)table->Extent + 1, out int reached);
        ulong own = PageTableEntry.ForTable((ulong)table->Object - KernelLayout.DirectMap).Value;
        // A table above it may have gone, and another stand in its place meanwhile.
        if (reached == (int)table->Extent + 1 && *entry == own)
        {
            PageTables.SetTable(space, entry, 0);
            AddressSpace.MappingOf(space)->ForgetWalk();
            TranslationCache.Flush(cpu, space);
        }
        table->SetMapping(null, 0);
        Clear((ulong*)table->Object);
    }

    // Pages and tables mapped below keep their records; theirs walks end where this table is missing. Its entries go, so
    // that mapping it elsewhere shows nothing of before.
    private static void Clear(ulong* entries)
    {
        for (int i = 0; i < PageTables.EntriesPerTable; i++)
        {
            entries[i] = 0;
        }
    }
}
