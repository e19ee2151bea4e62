using System;

namespace Skerry.Tests.Image.Elf;

/// <summary>What a loader does with a segment (p_flags of the ELF specification).</summary>
[Flags]
internal enum ElfSegmentFlags : uint
{
    None = 0,
    Execute = 1,
    Write = 2,
    Read = 4,
}

/// <summary>A part of the file that is loaded.</summary>
internal sealed record ElfSegment(ulong Address, ulong MemorySize, ulong Offset, ulong FileSize, ElfSegmentFlags Flags);
