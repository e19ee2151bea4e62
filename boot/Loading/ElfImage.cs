using System;
using Skerry.Abi;
using Skerry.Boot.Acpi;
using Skerry.Boot.Memory;

namespace Skerry.Boot.Loading;

/// <summary>
/// A statically linked x86-64 executable (System V ABI, chapter 4 and 5), checked whole before anything is read from it:
/// its PT_LOAD segments are ascending, start on pages of their own, are never both writable and executable, and lie in
/// the region that the opener names.
/// </summary>
public readonly ref struct ElfImage
{
    private const int HeaderBytes = 64;
    private const int ProgramHeaderBytes = 56;
    private const uint Magic = 0x464c_457f;
    private const byte Class64 = 2;
    private const byte LittleEndianData = 1;
    private const ushort Executable = 2;
    private const ushort MachineX86 = 62;
    private const uint LoadType = 1;
    private const int MaximumSegments = 8;

    private readonly ReadOnlySpan<byte> _file;

    private ElfImage(ReadOnlySpan<byte> file) => _file = file;

    public ulong Entry => LittleEndian.UInt64(_file, 24);

    /// <summary>Pages from the first segment's start to the last one's end.</summary>
    public ulong Pages { get; private init; }

    public ulong Base { get; private init; }

    public int SegmentCount { get; private init; }

    /// <summary>The segments lie in [regionStart, regionEnd).</summary>
    public static ElfStatus Open(ReadOnlySpan<byte> file, ulong regionStart, ulong regionEnd, out ElfImage image)
    {
        image = default;
        ElfStatus status = CheckHeader(file);
        if (status != ElfStatus.Valid)
        {
            return status;
        }
        var candidate = new ElfImage(file);
        ulong entry = candidate.Entry;
        bool hasEntry = false;
        ulong end = regionStart;
        ulong start = 0;
        int count = 0;
        while (candidate.Find(count, out ElfSegment segment))
        {
            status = CheckSegment(segment, file.Length, end, regionStart, regionEnd);
            if (status != ElfStatus.Valid)
            {
                return status;
            }
            hasEntry |= (segment.Rights & FrameRights.Execute) != 0 && entry >= segment.Address && entry < segment.End;
            start = count == 0 ? segment.Address : start;
            end = PageUp(segment.End);
            if (++count > MaximumSegments)
            {
                return ElfStatus.TooManySegments;
            }
        }
        if (count == 0)
        {
            return ElfStatus.NoSegment;
        }
        if (!hasEntry)
        {
            return ElfStatus.BadEntry;
        }
        image = new ElfImage(file)
        {
            Base = start,
            Pages = (end - start) / PhysicalMemory.PageSize,
            SegmentCount = count,
        };
        return ElfStatus.Valid;
    }

    public ElfSegment this[int index]
    {
        get
        {
            Find(index, out ElfSegment segment);
            return segment;
        }
    }

    public ReadOnlySpan<byte> BytesOf(ElfSegment segment) =>
        _file.Slice((int)segment.FileOffset, (int)segment.FileBytes);

    /// <summary>What the file has from the entry to the end of the entry's segment.</summary>
    public ReadOnlySpan<byte> CodeAtEntry
    {
        get
        {
            ReadOnlySpan<byte> code = default;
            for (int i = 0; i < SegmentCount; i++)
            {
                ElfSegment segment = this[i];
                if (Entry >= segment.Address && Entry - segment.Address < segment.FileBytes)
                {
                    code = BytesOf(segment).Slice((int)(Entry - segment.Address));
                }
            }
            return code;
        }
    }

    /// <summary>Bytes of the segments that have exactly, or don't have, this right.</summary>
    public ulong BytesWith(FrameRights right, bool has)
    {
        ulong bytes = 0;
        for (int i = 0; i < SegmentCount; i++)
        {
            bytes += (this[i].Rights & right) != 0 == has ? this[i].MemoryBytes : 0;
        }
        return bytes;
    }

    private static ElfStatus CheckHeader(ReadOnlySpan<byte> file)
    {
        if (file.Length < HeaderBytes)
        {
            return ElfStatus.TooShort;
        }
        bool isElf = LittleEndian.UInt32(file, 0) == Magic && file[4] == Class64 && file[5] == LittleEndianData;
        if (!isElf || LittleEndian.UInt16(file, 16) != Executable || LittleEndian.UInt16(file, 18) != MachineX86)
        {
            return ElfStatus.NotElf64;
        }
        ulong offset = LittleEndian.UInt64(file, 32);
        ulong bytes = (ulong)LittleEndian.UInt16(file, 56) * ProgramHeaderBytes;
        bool fits = offset <= (ulong)file.Length && bytes <= (ulong)file.Length - offset;
        return fits && LittleEndian.UInt16(file, 54) == ProgramHeaderBytes
            ? ElfStatus.Valid
            : ElfStatus.BadProgramHeaders;
    }

    private static ElfStatus CheckSegment(
        ElfSegment segment,
        int fileLength,
        ulong previousEnd,
        ulong regionStart,
        ulong regionEnd
    )
    {
        if (segment.FileOffset > (ulong)fileLength || segment.FileBytes > (ulong)fileLength - segment.FileOffset)
        {
            return ElfStatus.SegmentOutsideFile;
        }
        if (segment.FileBytes > segment.MemoryBytes || segment.Address < regionStart || segment.Address >= regionEnd)
        {
            return ElfStatus.SegmentOutsideRegion;
        }
        if (segment.MemoryBytes > regionEnd - segment.Address)
        {
            return ElfStatus.SegmentOutsideRegion;
        }
        if (segment.Address % PhysicalMemory.PageSize != 0)
        {
            return ElfStatus.SegmentNotAligned;
        }
        if (segment.Address < previousEnd)
        {
            return ElfStatus.SegmentsOverlap;
        }
        if (previousEnd != regionStart && segment.Address != previousEnd)
        {
            return ElfStatus.SegmentMissing;
        }
        if ((segment.Rights & FrameRights.Write) == 0 && segment.FileBytes != segment.MemoryBytes)
        {
            return ElfStatus.SegmentIncomplete;
        }
        const FrameRights both = FrameRights.Write | FrameRights.Execute;
        return (segment.Rights & both) == both ? ElfStatus.WritableAndExecutable : ElfStatus.Valid;
    }

    /// <summary>The index-th PT_LOAD header that loads anything.</summary>
    private bool Find(int index, out ElfSegment segment)
    {
        int header = (int)LittleEndian.UInt64(_file, 32);
        int headers = LittleEndian.UInt16(_file, 56);
        for (int i = 0; i < headers; i++, header += ProgramHeaderBytes)
        {
            bool loads = LittleEndian.UInt32(_file, header) == LoadType && LittleEndian.UInt64(_file, header + 40) != 0;
            if (loads && index-- == 0)
            {
                segment = new ElfSegment
                {
                    Rights = Rights(LittleEndian.UInt32(_file, header + 4)),
                    FileOffset = LittleEndian.UInt64(_file, header + 8),
                    Address = LittleEndian.UInt64(_file, header + 16),
                    FileBytes = LittleEndian.UInt64(_file, header + 32),
                    MemoryBytes = LittleEndian.UInt64(_file, header + 40),
                };
                return true;
            }
        }
        segment = default;
        return false;
    }

    /// <summary>p_flags: 1 execute, 2 write, 4 read.</summary>
    private static FrameRights Rights(uint flags) =>
        ((flags & 1) != 0 ? FrameRights.Execute : 0)
        | ((flags & 2) != 0 ? FrameRights.Write : 0)
        | ((flags & 4) != 0 ? FrameRights.Read : 0);

    private static ulong PageUp(ulong address) =>
        (address + PhysicalMemory.PageSize - 1) & ~(PhysicalMemory.PageSize - 1);
}
