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

    /// <summary>One that is not written to is longer in memory than in the file.</summary>
    SegmentIncomplete,

    /// <summary>Between two of them lies a page that belongs to none: the images have no such gap.</summary>
    SegmentMissing,
    SegmentsOverlap,
    SegmentOutsideRegion,
    WritableAndExecutable,
    BadEntry,
}
