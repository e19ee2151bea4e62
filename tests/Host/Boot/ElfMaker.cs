using System;
using System.Buffers.Binary;
using Skerry.Abi;

namespace Skerry.Tests.Host.Boot;

/// <summary>One PT_LOAD header of a made executable; the file has its bytes from FileOffset on.</summary>
internal sealed class MadeSegment
{
    public uint Type { get; init; } = 1;
    public FrameRights Rights { get; init; } = FrameRights.Read;
    public ulong FileOffset { get; init; } = 0x1000;
    public ulong FileBytes { get; init; } = 0x10;
    public ulong Address { get; init; }
    public ulong MemoryBytes { get; init; } = 0x10;
}

/// <summary>Executables for the loader, good and bad.</summary>
internal static class ElfMaker
{
    public const int FileBytes = 0x3000;

    public static byte[] Make(ulong entry, params MadeSegment[] segments)
    {
        byte[] file = new byte[FileBytes];
        for (int i = 0x1000; i < FileBytes; i++)
        {
            file[i] = (byte)(i * 7 + 1);
        }
        new byte[] { 0x7f, (byte)'E', (byte)'L', (byte)'F', 2, 1, 1 }.CopyTo(file, 0);
        Word16(16, 2);
        Word16(18, 62);
        Word64(24, entry);
        Word64(32, 64);
        Word16(54, 56);
        Word16(56, (ushort)segments.Length);
        for (int i = 0; i < segments.Length; i++)
        {
            int header = 64 + 56 * i;
            uint flags = 0;
            flags |= segments[i].Rights.HasFlag(FrameRights.Execute) ? 1u : 0;
            flags |= segments[i].Rights.HasFlag(FrameRights.Write) ? 2u : 0;
            flags |= segments[i].Rights.HasFlag(FrameRights.Read) ? 4u : 0;
            BinaryPrimitives.WriteUInt32LittleEndian(file.AsSpan(header), segments[i].Type);
            BinaryPrimitives.WriteUInt32LittleEndian(file.AsSpan(header + 4), flags);
            Word64(header + 8, segments[i].FileOffset);
            Word64(header + 16, segments[i].Address);
            Word64(header + 32, segments[i].FileBytes);
            Word64(header + 40, segments[i].MemoryBytes);
        }
        return file;

        void Word16(int offset, ushort value) => BinaryPrimitives.WriteUInt16LittleEndian(file.AsSpan(offset), value);
        void Word64(int offset, ulong value) => BinaryPrimitives.WriteUInt64LittleEndian(file.AsSpan(offset), value);
    }

    /// <summary>A program of one segment whose first instruction, behind the mark, is its entry.</summary>
    public static byte[] MakeProgram(ulong start, ulong mark, byte[] instructions)
    {
        byte[] code = [.. Load(mark), .. instructions];
        var text = new MadeSegment
        {
            Address = start,
            Rights = FrameRights.Read | FrameRights.Execute,
            FileBytes = (ulong)code.Length,
            MemoryBytes = (ulong)code.Length,
        };
        byte[] file = Make(start, text);
        code.CopyTo(file, (int)text.FileOffset);
        return file;
    }

    /// <summary>Text, read-only data and data with zeros behind, each a page or two, as the linker scripts make them.</summary>
    public static byte[] MakeWhole(ulong start, ulong mark = 0)
    {
        byte[] file = Make(
            start + 8,
            new MadeSegment
            {
                Address = start,
                Rights = FrameRights.Read | FrameRights.Execute,
                FileBytes = 0x800,
                MemoryBytes = 0x800,
            },
            new MadeSegment
            {
                Address = start + 0x1000,
                FileOffset = 0x1800,
                FileBytes = 0x400,
                MemoryBytes = 0x400,
            },
            new MadeSegment
            {
                Address = start + 0x2000,
                Rights = FrameRights.Read | FrameRights.Write,
                FileOffset = 0x2000,
                FileBytes = 0x20,
                MemoryBytes = 0x1800,
            }
        );
        Load(mark).CopyTo(file, 0x1008);
        return file;
    }

    /// <summary>mov r11, mark</summary>
    private static byte[] Load(ulong mark)
    {
        byte[] instruction = [0x49, 0xbb, .. new byte[sizeof(ulong)]];
        BinaryPrimitives.WriteUInt64LittleEndian(instruction.AsSpan(2), mark);
        return instruction;
    }
}
