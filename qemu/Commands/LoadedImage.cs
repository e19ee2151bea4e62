using System;
using System.Buffers.Binary;
using System.IO;
using Skerry.Qemu.Source;

namespace Skerry.Qemu.Commands;

/// <summary>What a 64-bit ELF file puts into memory (System V ABI, figures 4-3 and 5-1).</summary>
internal sealed class LoadedImage
{
    private const int EntryOffset = 24;
    private const int HeadersOffset = 32;
    private const int HeaderCountOffset = 56;
    private const int HeaderBytes = 56;
    private const int HeaderFileOffset = 8;
    private const int HeaderAddress = 16;
    private const int HeaderFileSize = 32;
    private const uint Load = 1;

    private readonly byte[] _file;

    /// <exception cref="BadInputException">The file is not there, or is something else.</exception>
    public LoadedImage(string path)
    {
        try
        {
            _file = File.ReadAllBytes(path);
        }
        catch (IOException exception)
        {
            throw new BadInputException($"{path}: cannot be read: {exception.Message}");
        }
        ReadOnlySpan<byte> magic = [0x7f, (byte)'E', (byte)'L', (byte)'F', 2];
        if (_file.Length <= HeaderCountOffset + sizeof(ushort) || !_file.AsSpan().StartsWith(magic))
        {
            throw new BadInputException($"{path}: not a 64-bit ELF file");
        }
    }

    public ulong Entry => Word(EntryOffset);

    /// <returns>The 8 bytes at a virtual address; null if the file has none there.</returns>
    public ulong? At(ulong address)
    {
        ushort count = BinaryPrimitives.ReadUInt16LittleEndian(_file.AsSpan(HeaderCountOffset));
        for (int i = 0; i < count; i++)
        {
            int header = (int)Word(HeadersOffset) + i * HeaderBytes;
            ulong inside = address - Word(header + HeaderAddress);
            bool isLoaded = BinaryPrimitives.ReadUInt32LittleEndian(_file.AsSpan(header)) == Load;
            if (
                isLoaded
                && inside < Word(header + HeaderFileSize)
                && inside + sizeof(ulong) <= Word(header + HeaderFileSize)
            )
            {
                return Word((int)(Word(header + HeaderFileOffset) + inside));
            }
        }
        return null;
    }

    private ulong Word(int offset) => BinaryPrimitives.ReadUInt64LittleEndian(_file.AsSpan(offset));
}
