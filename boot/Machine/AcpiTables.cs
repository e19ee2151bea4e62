using System;
using Skerry.Boot.Acpi;
using Skerry.Boot.Warnings;

namespace Skerry.Boot.Machine;

/// <summary>Finds the tables, of which the firmware says where their list is.</summary>
internal static class AcpiTables
{
    private const ulong BiosStart = 0xe_0000;
    private const ulong BiosEnd = 0x10_0000;

    private static readonly TableMemory _memory = default;

    public static ReadOnlySpan<byte> Find(
        RootTable root,
        ReadOnlySpan<byte> signature,
        WarningSource source,
        ref WarningList warnings
    ) => _memory.Find(root, signature, source, ref warnings);

    /// <summary>The XSDT, else the RSDT, else an empty list; warns of what is missing or broken.</summary>
    public static RootTable OpenRoot(ulong rsdp, ref WarningList warnings)
    {
        ReadOnlySpan<byte> bytes =
            rsdp != 0 && rsdp < TableMemory.Reach ? _memory.View(rsdp, RootPointer.ExtendedLength) : Scan();
        return _memory.OpenRoot(bytes, ref warnings);
    }

    /// <summary>ACPI 6.5, 5.2.5.1: on a boundary of 16 bytes in the BIOS area.</summary>
    private static ReadOnlySpan<byte> Scan()
    {
        for (ulong address = BiosStart; address < BiosEnd; address += 16)
        {
            ReadOnlySpan<byte> bytes = _memory.View(address, RootPointer.FirstLength);
            if (RootPointer.Read(bytes, out _) is not (TableStatus.BadSignature or TableStatus.BadChecksum))
            {
                return _memory.View(address, RootPointer.ExtendedLength);
            }
        }
        return default;
    }
}
