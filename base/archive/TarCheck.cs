using System;

namespace Skerry.Base.Archive;

/// <summary>What came of a walk through a whole archive.</summary>
public ref struct TarCheck
{
    /// <summary>Ok: all of it is as it should be.</summary>
    public TarStatus Status;

    /// <summary>Of the header, or of what stands in its place, in bytes from the archive's start.</summary>
    public int Offset;

    /// <summary>The entry's, or that of the one before, where no header is; empty if there is none.</summary>
    public ReadOnlySpan<byte> Name;

    /// <summary>Names that were compared with another: what a look at the list of checksums costs.</summary>
    public int Compared;

    /// <summary>Whether the damage lies behind the entry that is named, not in it.</summary>
    public readonly bool IsBehind => Status is TarStatus.NoHeader or TarStatus.NoName or TarStatus.NoEnd;
}
