using System;
using System.Runtime.InteropServices;
using Skerry.Abi;

namespace Skerry.Base.Servers.Components;

/// <summary>
/// The loadable segments of a program: a 64-bit ELF file for x86-64 ("Tool Interface Standard ELF", book I, chapter 2).
/// Whatever the file says is checked against its size and the user's address range before it is used.
/// </summary>
public readonly ref struct ElfImage
{
    private const uint Magic = 0x464c_457f;
    private const byte Class64 = 2;
    private const ushort Executable = 2;
    private const ushort MachineX64 = 62;
    private const uint Loadable = 1;
    private const uint FlagExecute = 1;
    private const uint FlagWrite = 2;
    private const int HeaderBytes = 64;
    private const int ProgramHeaderBytes = 56;

    private readonly ReadOnlySpan<byte> _file;
    private readonly ulong _programHeaders;

    private ElfImage(ReadOnlySpan<byte> file, ulong programHeaders, int count)
    {
        _file = file;
        _programHeaders = programHeaders;
        Count = count;
    }

    public ulong Entry => Read<ulong>(24);

    /// <summary>Program headers; not all are loadable.</summary>
    public int Count { get; }

    /// <returns>False if the bytes are no program of this kind.</returns>
    public static bool TryOpen(ReadOnlySpan<byte> file, out ElfImage image)
    {
        image = default;
        if (file.Length < HeaderBytes)
        {
            return false;
        }
        var candidate = new ElfImage(file, 0, 0);
        bool known =
            candidate.Read<uint>(0) == Magic
            && file[4] == Class64
            && candidate.Read<ushort>(16) == Executable
            && candidate.Read<ushort>(18) == MachineX64
            && candidate.Read<ushort>(54) == ProgramHeaderBytes;
        ulong offset = candidate.Read<ulong>(32);
        int count = candidate.Read<ushort>(56);
        ulong length = (ulong)file.Length;
        if (!known || offset > length || (ulong)count * ProgramHeaderBytes > length - offset)
        {
            return false;
        }
        image = new ElfImage(file, offset, count);
        return true;
    }

    /// <summary>A segment to load.</summary>
    /// <returns>
    /// False if that header is for something else; <paramref name="valid"/> is false if it is for a segment that
    /// reaches outside the file or user space, or is both writable and executable.
    /// </returns>
    public bool TryGetSegment(int index, out ElfSegment segment, out bool valid)
    {
        int at = (int)_programHeaders + index * ProgramHeaderBytes;
        segment = default;
        valid = true;
        if (Read<uint>(at) != Loadable || Read<ulong>(at + 40) == 0)
        {
            return false;
        }
        uint flags = Read<uint>(at + 4);
        ulong offset = Read<ulong>(at + 8);
        ulong address = Read<ulong>(at + 16);
        ulong fileBytes = Read<ulong>(at + 32);
        ulong memoryBytes = Read<ulong>(at + 40);
        ulong length = (ulong)_file.Length;
        valid =
            offset <= length
            && fileBytes <= length - offset
            && fileBytes <= memoryBytes
            && address >= UserLayout.PageSize
            && address < UserLayout.UserEnd
            && memoryBytes <= UserLayout.UserEnd - address
            && (flags & (FlagWrite | FlagExecute)) != (FlagWrite | FlagExecute);
        if (valid)
        {
            FrameRights rights = FrameRights.Read;
            rights |= (flags & FlagWrite) != 0 ? FrameRights.Write : FrameRights.None;
            rights |= (flags & FlagExecute) != 0 ? FrameRights.Execute : FrameRights.None;
            segment = new ElfSegment(_file.Slice((int)offset, (int)fileBytes), address, memoryBytes, rights);
        }
        return true;
    }

    private T Read<T>(int offset)
        where T : struct => MemoryMarshal.Read<T>(_file.Slice(offset));
}
