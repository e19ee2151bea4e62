namespace Skerry.Base.Archive;

/// <summary>What is wrong with an archive, or with one entry of it.</summary>
public enum TarStatus : byte
{
    Ok,

    /// <summary>The two blocks of zeros; the walk's own.</summary>
    End,

    /// <summary>There is less than one header.</summary>
    TooShort,

    /// <summary>It begins with zeros.</summary>
    NoEntry,

    /// <summary>Something else than a ustar header lies where one should.</summary>
    NoHeader,

    /// <summary>A header whose name is empty: who looks for files ends there.</summary>
    NoName,

    /// <summary>Of the header.</summary>
    BadChecksum,

    /// <summary>The header's size is no number.</summary>
    BadSize,

    /// <summary>The archive ends before the entry's content does.</summary>
    Cut,

    /// <summary>The archive ends without two blocks of zeros.</summary>
    NoEnd,

    /// <summary>No file lists the checksums of the others.</summary>
    NoList,

    /// <summary>A line of that list is no checksum and name.</summary>
    BadList,

    /// <summary>A file is in the list, and not in the archive.</summary>
    NotThere,

    /// <summary>The other way round.</summary>
    NotListed,

    /// <summary>A file's contents have another checksum than the list says.</summary>
    WrongContents,

    /// <summary>A file has the name of an earlier one: the first counts here, and the last for tar.</summary>
    Twice,

    /// <summary>Two lines of the list have one name.</summary>
    ListedTwice,

    /// <summary>There are more files or lines than <see cref="Checksums.MaximumUnordered"/>, not in the order of names.</summary>
    TooManyUnordered,
}
