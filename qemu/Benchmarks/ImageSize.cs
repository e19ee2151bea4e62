using System;
using System.Buffers.Binary;
using System.IO;
using Skerry.Qemu.Archive;
using Skerry.Qemu.Source;

namespace Skerry.Qemu.Benchmarks;

/// <summary>How much memory one copy of a linked program takes, as bootstrap counts it.</summary>
public sealed record ImageSize
{
    // Offsets in an ELF64 file header and in a program header (System V ABI, figures 4-3 and 5-1).
    private const int ProgramHeaders = 32;
    private const int ProgramHeaderCount = 56;
    private const int ProgramHeaderBytes = 56;
    private const int Flags = 4;
    private const int MemoryBytes = 40;

    private const uint Loaded = 1;
    private const uint Executable = 1;

    public required string Name { get; init; }

    /// <summary>Bytes of what can be executed.</summary>
    public required long Text { get; init; }

    /// <summary>Bytes of all else, read-only data too.</summary>
    public required long Data { get; init; }

    /// <exception cref="BadInputException">The program has not been built, or its file is no 64-bit ELF file.</exception>
    public static ImageSize Of(Repository repository, string name)
    {
        string path = BootArchive.Image(repository.Images, name);
        if (!File.Exists(path))
        {
            throw new BadInputException($"{path} is not there; \"make build\" makes it");
        }
        byte[] file = File.ReadAllBytes(path);
        if (!file.AsSpan().StartsWith((ReadOnlySpan<byte>)[0x7f, (byte)'E', (byte)'L', (byte)'F', 2]))
        {
            throw new BadInputException($"{path}: not a 64-bit ELF file");
        }
        return Read(name, file);
    }

    private static ImageSize Read(string name, ReadOnlySpan<byte> file)
    {
        var headers = (int)BinaryPrimitives.ReadUInt64LittleEndian(file[ProgramHeaders..]);
        int count = BinaryPrimitives.ReadUInt16LittleEndian(file[ProgramHeaderCount..]);
        long text = 0;
        long data = 0;
        for (int i = 0; i < count; i++)
        {
            ReadOnlySpan<byte> header = file.Slice(headers + i * ProgramHeaderBytes, ProgramHeaderBytes);
            if (BinaryPrimitives.ReadUInt32LittleEndian(header) != Loaded)
            {
                continue;
            }
            var bytes = (long)BinaryPrimitives.ReadUInt64LittleEndian(header[MemoryBytes..]);
            bool isText = (BinaryPrimitives.ReadUInt32LittleEndian(header[Flags..]) & Executable) != 0;
            text += isText ? bytes : 0;
            data += isText ? 0 : bytes;
        }
        return new ImageSize
        {
            Name = name,
            Text = text,
            Data = data,
        };
    }
}
