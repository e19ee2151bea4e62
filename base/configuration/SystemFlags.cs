using System;

namespace Skerry.Base.Configuration;

/// <summary>Options of the whole system.</summary>
[Flags]
public enum SystemFlags : uint
{
    None = 0,

    /// <summary>Every session and every route that is taken is logged.</summary>
    Verbose = 1 << 0,
}
