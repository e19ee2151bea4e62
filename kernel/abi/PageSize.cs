namespace Skerry.Abi;

/// <summary>Bytes that one page-table entry maps. A page is aligned to its size, virtually and physically.</summary>
public enum PageSize : byte
{
    KiB4 = 0,
    MiB2 = 1,

    /// <summary>Only where the processor has it (CPUID 0x80000001 edx bit 26); else PageSizeUnsupported.</summary>
    GiB1 = 2,
    Last = GiB1,
}

public static class PageSizes
{
    /// <summary>Bytes of one page of this size.</summary>
    public static ulong BytesOf(PageSize size) => UserLayout.PageSize << (9 * (int)size);
}
