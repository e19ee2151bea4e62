namespace Skerry.Boot.Loading;

/// <summary>Whether an image can be loaded.</summary>
public enum ElfStatus : byte
{
    Valid,
    TooShort,
    NotElf64,
    BadProgramHeaders,
    NoSegment,
    TooManySegments,
    SegmentOutsideFile,
    SegmentNotAligned,
    SegmentsOverlap,
    SegmentOutsideRegion,
    WritableAndExecutable,
    BadEntry,
}
