using System;
using Skerry.Boot.Memory;
using Skerry.Boot.Warnings;

namespace Skerry.Boot.Acpi;

/// <summary>The tables in physical memory. What it hands out is as long as the table's header says, unchecked else.</summary>
public readonly unsafe struct TableMemory(PhysicalMemory memory)
{
    /// <summary>End of what is mapped while tables are read, in bytes.</summary>
    public const ulong Reach = 1ul << 32;

    private const ulong LargestTable = 1 << 20;

    private readonly PhysicalMemory _memory = memory;

    /// <summary>The first table with this signature; empty if there is none. Further ones give a warning.</summary>
    public ReadOnlySpan<byte> Find(
        RootTable root,
        ReadOnlySpan<byte> signature,
        WarningSource source,
        ref WarningList warnings
    )
    {
        ReadOnlySpan<byte> first = default;
        uint count = 0;
        for (int i = 0; i < root.Count; i++)
        {
            ReadOnlySpan<byte> table = At(root[i]);
            if (!table.IsEmpty && table.Slice(0, 4).SequenceEqual(signature))
            {
                first = count++ == 0 ? table : first;
            }
        }
        if (count > 1)
        {
            warnings.Add(source, WarningReason.Doubled, count);
        }
        return first;
    }

    /// <summary>
    /// The XSDT, else the RSDT, else an empty list. Who lists nothing is said: all tables are missing then, and none of them
    /// is to blame.
    /// </summary>
    /// <param name="bytes">Of the RSDP; none if there is none.</param>
    /// <param name="warnings">What is missing, broken or empty.</param>
    public RootTable OpenRoot(ReadOnlySpan<byte> bytes, ref WarningList warnings)
    {
        TableStatus status = RootPointer.Read(bytes, out RootPointer pointer);
        TableWarnings.Add(WarningSource.Rsdp, status, ref warnings);
        RootTable root = default;
        if (status == TableStatus.Valid && pointer.Xsdt == 0 && pointer.Rsdt == 0)
        {
            warnings.Add(WarningSource.Rsdp, WarningReason.NamesNothing);
        }
        if (pointer.Xsdt != 0)
        {
            status = RootTable.ReadXsdt(At(pointer.Xsdt), out root);
            AddRoot(WarningSource.Xsdt, status, root, ref warnings);
        }
        if (root.Count == 0 && pointer.Rsdt != 0)
        {
            status = RootTable.ReadRsdt(At(pointer.Rsdt), out root);
            AddRoot(WarningSource.Rsdt, status, root, ref warnings);
        }
        return root;
    }

    private void AddRoot(WarningSource source, TableStatus status, RootTable root, ref WarningList warnings)
    {
        TableWarnings.Add(source, status, ref warnings);
        if (status == TableStatus.Valid && root.Count == 0)
        {
            warnings.Add(source, WarningReason.NamesNothing);
        }
        for (int i = 0; i < root.Count; i++)
        {
            if (At(root[i]).IsEmpty)
            {
                warnings.Add(source, WarningReason.BadEntry, (ulong)root.OffsetOf(i));
            }
        }
    }

    public ReadOnlySpan<byte> At(ulong address)
    {
        // The first page holds no table, and is not mapped any more when the later ones are read.
        if (address < PhysicalMemory.PageSize || address > Reach - LargestTable)
        {
            return default;
        }
        uint length = LittleEndian.UInt32(View(address, TableHeader.Length), 4);
        return View(
            address,
            length is >= TableHeader.Length and <= (uint)LargestTable ? (int)length : TableHeader.Length
        );
    }

    // Safety: below 4 GiB all is mapped; reading a hole gives ones, which no checksum survives.
    public ReadOnlySpan<byte> View(ulong address, int bytes) => new(_memory.At(address), bytes);
}
