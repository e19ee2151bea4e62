namespace Skerry.Abi;

/// <summary>
/// A ring of records of one CPU's kernel entries, in a frame that CpuControl.StartTrace was given. The kernel alone
/// writes it, and never reads it; who reads it may do so while the kernel writes.
/// </summary>
/// <remarks>
/// <code>
///          0        8        16       24       32
///         +--------+--------+--------+--------+--------
///    0    | magic  |capacity|written | CPU    |  unused
///         +--------+--------+--------+--------+--------
///   64    | record 0                          | record 1 …
///         +-----------------------------------+--------
/// </code>
/// capacity: records that the ring holds. written: how many were written since the start; record n stands in place n
/// modulo capacity, and the next one replaces the oldest. CPU: index in the cluster. 64-bit words.
/// Each record is complete before written counts it. So record n is valid if, read again after the record, written is
/// more than n and less than n + capacity: from n + capacity on its place may be half overwritten.
/// </remarks>
public static class TraceRing
{
    public const ulong Magic = 0x3165_6361_7274_6b73; // "sktrace1"
    public const int MagicOffset = 0;
    public const int CapacityOffset = 8;
    public const int WrittenOffset = 16;
    public const int CpuOffset = 24;
    public const int HeaderBytes = 64;
    public const int RecordBytes = 32;

    /// <summary>A ring is a power of two of 4 KiB pages, at most this many.</summary>
    public const ulong MaximumPages = 512;

    public static ulong CapacityOf(ulong pages) => (pages * UserLayout.PageSize - HeaderBytes) / RecordBytes;

    public static bool IsSize(ulong pages) => pages is > 0 and <= MaximumPages && (pages & (pages - 1)) == 0;
}
