using System;

namespace Skerry.Boot.Loading;

/// <summary>What is wrong with an image, in words.</summary>
public static class ElfStatusText
{
    public static ReadOnlySpan<byte> Of(ElfStatus status) =>
        status switch
        {
            ElfStatus.TooShort => "is too short for an ELF header"u8,
            ElfStatus.NotElf64 => "is not an x86-64 ELF executable"u8,
            ElfStatus.BadProgramHeaders => "has program headers outside the file"u8,
            ElfStatus.NoSegment => "has nothing to load"u8,
            ElfStatus.TooManySegments => "has too many segments"u8,
            ElfStatus.SegmentOutsideFile => "has a segment outside the file"u8,
            ElfStatus.SegmentIncomplete => "has a segment whose contents are not all there"u8,
            ElfStatus.SegmentMissing => "has a gap between its segments"u8,
            ElfStatus.SegmentNotAligned => "has a segment that does not start on a page"u8,
            ElfStatus.SegmentsOverlap => "has segments that overlap or share a page"u8,
            ElfStatus.SegmentOutsideRegion => "has a segment outside its region of addresses"u8,
            ElfStatus.WritableAndExecutable => "has a segment that is writable and executable"u8,
            ElfStatus.BadEntry => "has its entry outside its executable segment"u8,
            _ => "is good"u8,
        };
}
