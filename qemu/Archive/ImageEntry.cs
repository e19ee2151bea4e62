using System;
using System.Buffers.Binary;

namespace Skerry.Qemu.Archive;

/// <summary>Where a linked program begins.</summary>
public static class ImageEntry
{
    // ELF64, System V ABI, figures 4-3 and 5-1.
    private const int EntryOffset = 24;
    private const int FileOffset = 8;
    private const int FileSizeOffset = 32;

    /// <param name="file">Any.</param>
    /// <returns>What it has from its entry to the end of the entry's segment; empty if it is no program.</returns>
    public static ReadOnlySpan<byte> CodeOf(ReadOnlySpan<byte> file)
    {
        if (file.Length < ProgramCatalog.HeaderSize)
        {
            return [];
        }
        ulong entry = Word(file, EntryOffset);
        ulong at = Word(file, ProgramCatalog.SegmentsOffset);
        int count = BinaryPrimitives.ReadUInt16LittleEndian(file[ProgramCatalog.SegmentCountOffset..]);
        for (; count > 0 && at <= (ulong)(file.Length - ProgramCatalog.HeaderSize); count--)
        {
            ReadOnlySpan<byte> segment = file[(int)at..];
            ulong start = Word(segment, FileOffset);
            ulong bytes = Word(segment, FileSizeOffset);
            ulong before = entry - Word(segment, ProgramCatalog.AddressOffset);
            bool isLoaded = BinaryPrimitives.ReadUInt32LittleEndian(segment) == ProgramCatalog.Loadable;
            bool lies = start <= (ulong)file.Length && bytes <= (ulong)file.Length - start;
            if (isLoaded && lies && before < bytes)
            {
                return file[(int)(start + before)..(int)(start + bytes)];
            }
            at += ProgramCatalog.SegmentSize;
        }
        return [];
    }

    private static ulong Word(ReadOnlySpan<byte> bytes, int at) => BinaryPrimitives.ReadUInt64LittleEndian(bytes[at..]);
}
