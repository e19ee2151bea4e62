using System;
using System.Buffers.Binary;
using Skerry.Qemu.Archive;

namespace Skerry.Qemu.Machines;

/// <summary>
/// Makes the smallest ELF that QEMU boots: a few bytes of 32-bit code behind a PVH note. The KVM probe and the tests of
/// the harness use it; it has nothing to do with Skerry's own images.
/// </summary>
public static class PvhImage
{
    /// <summary>Physical address of the code, which runs in 32-bit protected mode without paging.</summary>
    public const uint CodeAddress = 0x10_0000;

    private const int HeaderSize = 52;
    private const int SegmentSize = 32;
    private const int NoteOffset = HeaderSize + 2 * SegmentSize;
    private const int NoteSize = 20;
    private const int CodeOffset = 0x100;

    /// <summary>XEN_ELFNOTE_PHYS32_ENTRY of Xen's public/elfnote.h: where a PVH guest starts.</summary>
    private const uint PhysicalEntryNote = 18;

    private const uint Loadable = ProgramCatalog.Loadable;
    private const uint Note = 4;
    private const uint ReadExecute = 5;

    public static byte[] Build(ReadOnlySpan<byte> code)
    {
        byte[] image = new byte[CodeOffset + code.Length];
        WriteHeader(image);
        WriteSegment(image.AsSpan(HeaderSize), Loadable, CodeOffset, CodeAddress, (uint)code.Length);
        WriteSegment(image.AsSpan(HeaderSize + SegmentSize), Note, NoteOffset, 0, NoteSize);
        Span<byte> note = image.AsSpan(NoteOffset);
        BinaryPrimitives.WriteUInt32LittleEndian(note, 4);
        BinaryPrimitives.WriteUInt32LittleEndian(note[4..], sizeof(uint));
        BinaryPrimitives.WriteUInt32LittleEndian(note[8..], PhysicalEntryNote);
        "Xen\0"u8.CopyTo(note[12..]);
        BinaryPrimitives.WriteUInt32LittleEndian(note[16..], CodeAddress);
        code.CopyTo(image.AsSpan(CodeOffset));
        return image;
    }

    // ELF32 file header (System V ABI, figure 4-3): 32-bit, little-endian, executable for the 80386.
    private static void WriteHeader(Span<byte> header)
    {
        ReadOnlySpan<byte> identification = [0x7f, (byte)'E', (byte)'L', (byte)'F', 1, 1, 1];
        identification.CopyTo(header);
        BinaryPrimitives.WriteUInt16LittleEndian(header[16..], 2);
        BinaryPrimitives.WriteUInt16LittleEndian(header[18..], 3);
        BinaryPrimitives.WriteUInt32LittleEndian(header[20..], 1);
        BinaryPrimitives.WriteUInt32LittleEndian(header[24..], CodeAddress);
        BinaryPrimitives.WriteUInt32LittleEndian(header[28..], HeaderSize);
        BinaryPrimitives.WriteUInt16LittleEndian(header[40..], HeaderSize);
        BinaryPrimitives.WriteUInt16LittleEndian(header[42..], SegmentSize);
        BinaryPrimitives.WriteUInt16LittleEndian(header[44..], 2);
    }

    // ELF32 program header: type, file offset, virtual and physical address, sizes in file and memory, flags, alignment.
    private static void WriteSegment(Span<byte> segment, uint type, uint offset, uint address, uint size)
    {
        ReadOnlySpan<uint> words = [type, offset, address, address, size, size, ReadExecute, 4];
        for (int i = 0; i < words.Length; i++)
        {
            BinaryPrimitives.WriteUInt32LittleEndian(segment[(i * sizeof(uint))..], words[i]);
        }
    }
}
