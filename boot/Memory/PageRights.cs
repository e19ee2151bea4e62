using System;

namespace Skerry.Boot.Memory;

/// <summary>
/// Bits of a page-table entry (Intel SDM vol. 3A, 4.5.4, tables 4-15 to 4-20).
/// <code>
/// 63 no execute | 51..12 physical address | 8 global | 7 large page | 5 accessed | 4 cache disable | 3 write-through
/// | 2 user | 1 writable | 0 present
/// </code>
/// </summary>
[Flags]
public enum PageRights : ulong
{
    None = 0,
    Present = 1 << 0,
    Writable = 1 << 1,
    WriteThrough = 1 << 3,
    CacheDisable = 1 << 4,
    Large = 1 << 7,
    Global = 1 << 8,
    NoExecute = 1ul << 63,
}
