using System;
using Skerry.Boot.Acpi;
using Skerry.Boot.Warnings;

namespace Skerry.Boot.Machine;

/// <summary>Finds the tables in physical memory. What it hands out is as long as the table's header says, unchecked else.</summary>
internal static unsafe class AcpiTables
{
    private const ulong LargestTable = 1 << 20;
    private const ulong BiosStart = 0xe_0000;
    private const ulong BiosEnd = 0x10_0000;

    /// <summary>End of what is mapped while tables are read, in bytes.</summary>
    public const ulong Reach = 1ul << 32;

    /// <summary>The first table with this signature; empty if there is none.</summary>
    public static ReadOnlySpan<byte> Find(RootTable root, ReadOnlySpan<byte> signature)
    {
        for (int i = 0; i < root.Count; i++)
        {
            ReadOnlySpan<byte> table = At(root[i]);
            if (!table.IsEmpty && table.Slice(0, 4).SequenceEqual(signature))
            {
                return table;
            }
        }
        return default;
    }

    /// <summary>The XSDT, else the RSDT, else an empty list; warns of what is missing or broken.</summary>
    public static RootTable OpenRoot(ulong rsdp, ref WarningList warnings)
    {
        ReadOnlySpan<byte> bytes = rsdp != 0 && rsdp < Reach ? View(rsdp, RootPointer.ExtendedLength) : Scan();
        TableStatus status = RootPointer.Read(bytes, out RootPointer pointer);
        TableWarnings.Add(WarningSource.Rsdp, status, ref warnings);
        RootTable root = default;
        if (pointer.Xsdt != 0)
        {
            status = RootTable.ReadXsdt(At(pointer.Xsdt), out root);
            TableWarnings.Add(WarningSource.Xsdt, status, ref warnings);
        }
        if (root.Count == 0 && pointer.Rsdt != 0)
        {
            status = RootTable.ReadRsdt(At(pointer.Rsdt), out root);
            TableWarnings.Add(WarningSource.Rsdt, status, ref warnings);
        }
        return root;
    }

    private static ReadOnlySpan<byte> At(ulong address)
    {
        if (address == 0 || address > Reach - LargestTable)
        {
            return default;
        }
        uint length = LittleEndian.UInt32(View(address, TableHeader.Length), 4);
        return View(
            address,
            length is >= TableHeader.Length and <= (uint)LargestTable ? (int)length : TableHeader.Length
        );
    }

    /// <summary>ACPI 6.5, 5.2.5.1: on a boundary of 16 bytes in the BIOS area.</summary>
    private static ReadOnlySpan<byte> Scan()
    {
        for (ulong address = BiosStart; address < BiosEnd; address += 16)
        {
            ReadOnlySpan<byte> bytes = View(address, RootPointer.FirstLength);
            if (RootPointer.Read(bytes, out _) is not (TableStatus.BadSignature or TableStatus.BadChecksum))
            {
                return View(address, RootPointer.ExtendedLength);
            }
        }
        return default;
    }

    // Safety: below 4 GiB all is mapped; reading a hole gives ones, which no checksum survives.
    private static ReadOnlySpan<byte> View(ulong address, int bytes) => new((void*)address, bytes);
}
