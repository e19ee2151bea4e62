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

    public ReadOnlySpan<byte> At(ulong address)
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

    // Safety: below 4 GiB all is mapped; reading a hole gives ones, which no checksum survives.
    public ReadOnlySpan<byte> View(ulong address, int bytes) => new(_memory.At(address), bytes);
}
