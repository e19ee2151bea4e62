namespace Skerry.Abi;

/// <summary>
/// How pages are mapped: the high half of word 0 of Frame.Map and ReplyMapRecv, and what AddressSpace.Query answers.
/// </summary>
/// <remarks>
/// <code>
///   31              7 6  5 4   3 2      0
///  +-----------------+----+-----+--------+
///  |        0        |size|cache| rights |
///  +-----------------+----+-----+--------+
/// </code>
/// </remarks>
public readonly struct PageAttributes(uint value)
{
    public const int CacheabilityShift = 3;
    public const int SizeShift = 5;

    private const uint RightsMask = (uint)FrameRights.All;
    private const uint FieldMask = 3;

    /// <summary>What alone needs no second look: rights, write-back, 4 KiB.</summary>
    public const uint PlainMask = RightsMask;

    public uint Value { get; } = value;

    public FrameRights Rights => (FrameRights)(Value & RightsMask);

    public Cacheability Cacheability => (Cacheability)((Value >> CacheabilityShift) & FieldMask);

    public PageSize Size => (PageSize)((Value >> SizeShift) & FieldMask);

    /// <summary>No bit is set that means nothing.</summary>
    public bool IsKnown => Value < (uint)(PageSize.Last + 1) << SizeShift;

    public static PageAttributes Of(
        FrameRights rights,
        Cacheability cacheability = Cacheability.WriteBack,
        PageSize size = PageSize.KiB4
    ) => new((uint)rights | ((uint)cacheability << CacheabilityShift) | ((uint)size << SizeShift));

    public PageAttributes With(FrameRights rights) => new((Value & ~RightsMask) | (uint)rights);
}
