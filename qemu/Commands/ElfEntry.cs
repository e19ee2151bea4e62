using System;
using System.Buffers.Binary;
using System.IO;
using Skerry.Qemu.Archive;
using Skerry.Qemu.Source;

namespace Skerry.Qemu.Commands;

/// <summary>Finds the entry address of a 64-bit ELF file.</summary>
internal static class ElfEntry
{
    private const int HeaderSize = ProgramCatalog.HeaderSize;

    /// <summary>Offset of e_entry in the ELF64 file header (System V ABI, figure 4-3).</summary>
    private const int EntryOffset = 24;

    /// <exception cref="BadInputException">The file is not there, or is something else.</exception>
    public static ulong Of(string path)
    {
        Span<byte> header = stackalloc byte[HeaderSize];
        try
        {
            using FileStream file = File.OpenRead(path);
            file.ReadExactly(header);
        }
        catch (IOException exception)
        {
            throw new BadInputException($"{path}: cannot be read: {exception.Message}");
        }
        ReadOnlySpan<byte> magic = [0x7f, (byte)'E', (byte)'L', (byte)'F', 2];
        return header.StartsWith(magic)
            ? BinaryPrimitives.ReadUInt64LittleEndian(header[EntryOffset..])
            : throw new BadInputException($"{path}: not a 64-bit ELF file");
    }
}
