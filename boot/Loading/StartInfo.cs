using System;
using Skerry.Abi.Boot;
using Skerry.Boot.Acpi;
using Skerry.Boot.CommandLines;
using Skerry.Boot.Memory;

namespace Skerry.Boot.Loading;

/// <summary>
/// What the loader passes in ebx (Xen public/arch-x86/hvm/start_info.h): magic 0, version 4, modules 12, module list 16,
/// command line 24, RSDP 32, memory map 40, entries 48. The memory map is there from version 1 on.
/// </summary>
public readonly unsafe struct StartInfo
{
    private const uint ExpectedMagic = 0x336e_c578;
    private const int Bytes = 56;
    private const int ModuleBytes = 32;
    private const uint MaximumModules = 64;
    private const uint MaximumMapEntries = 1024;

    private readonly PhysicalMemory _memory;
    private readonly ulong _address;

    private StartInfo(PhysicalMemory memory, ulong address)
    {
        _memory = memory;
        _address = address;
    }

    public ulong Rsdp => LittleEndian.UInt64(Header, 32);

    /// <summary>Entries as <see cref="MemoryMapReader"/> takes them; empty if the loader gave none.</summary>
    public ReadOnlySpan<byte> MemoryMap
    {
        get
        {
            uint entries = LittleEndian.UInt32(Header, 48);
            bool isThere = LittleEndian.UInt32(Header, 4) >= 1 && entries <= MaximumMapEntries;
            return isThere ? View(LittleEndian.UInt64(Header, 40), (int)entries * MemoryMapReader.EntryBytes) : default;
        }
    }

    /// <summary>Without its NUL; of one that is longer than <see cref="CommandLineBuffer"/> holds, one byte more than that.</summary>
    public ReadOnlySpan<byte> CommandLine
    {
        get
        {
            ulong address = LittleEndian.UInt64(Header, 24);
            if (address == 0)
            {
                return default;
            }
            ReadOnlySpan<byte> bytes = View(address, CommandLineBuffer.Capacity + 1);
            int end = bytes.IndexOf((byte)0);
            return end < 0 ? bytes : bytes.Slice(0, end);
        }
    }

    /// <summary>The first module: the boot archive. Its length is 0 if there is none.</summary>
    public PhysicalRange Archive
    {
        get
        {
            uint count = LittleEndian.UInt32(Header, 12);
            if (count is 0 or > MaximumModules)
            {
                return default;
            }
            ReadOnlySpan<byte> module = View(LittleEndian.UInt64(Header, 16), ModuleBytes);
            return new PhysicalRange { Base = LittleEndian.UInt64(module, 0), Length = LittleEndian.UInt64(module, 8) };
        }
    }

    private ReadOnlySpan<byte> Header => View(_address, Bytes);

    public static StartInfoStatus Open(PhysicalMemory memory, ulong address, out StartInfo info)
    {
        info = new StartInfo(memory, address);
        if (LittleEndian.UInt32(info.Header, 0) == ExpectedMagic)
        {
            return StartInfoStatus.Valid;
        }
        return IsText(info.Header.Slice(0, 4)) ? StartInfoStatus.UnderCommandLine : StartInfoStatus.Missing;
    }

    /// <summary>Up to a NUL, behind which anything may be.</summary>
    private static bool IsText(ReadOnlySpan<byte> bytes)
    {
        int i = 0;
        while (i < bytes.Length && bytes[i] is >= (byte)' ' and <= (byte)'~')
        {
            i++;
        }
        return i == bytes.Length || (i != 0 && bytes[i] == 0);
    }

    // Safety: the addresses come from the loader, which put these structures there.
    private ReadOnlySpan<byte> View(ulong address, int bytes) => new(_memory.At(address), bytes);
}
