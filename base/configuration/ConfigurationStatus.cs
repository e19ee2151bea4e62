namespace Skerry.Base.Configuration;

/// <summary>What <see cref="SystemConfiguration.Open"/> found out about the bytes of a configuration.</summary>
public enum ConfigurationStatus : uint
{
    Ok = 0,

    /// <summary>Fewer bytes than a header, or fewer than the header says.</summary>
    Truncated = 1,

    /// <summary>The first eight bytes are not those of a configuration.</summary>
    WrongMagic = 2,

    /// <summary>Written by a tool that knows other records.</summary>
    WrongVersion = 3,

    /// <summary>The header's total length is smaller than the header or larger than the limit.</summary>
    WrongLength = 4,

    /// <summary>A table reaches outside the configuration, is misaligned or holds more than the limit.</summary>
    BadTable = 5,

    /// <summary>A record names a string outside the string table, one that is too long, or a name that is none.</summary>
    BadString = 6,

    /// <summary>A record names records that do not exist.</summary>
    BadReference = 7,

    /// <summary>A field holds a value that it cannot have.</summary>
    BadValue = 8,

    /// <summary>No child is essential: the system would end at once, and well.</summary>
    NothingEssential = 9,
}
