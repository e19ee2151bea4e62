using Skerry.Base.Kernel;

namespace Skerry.Base.Memory;

/// <summary>
/// The first cell of a page of records. The others hold records, of as many cells as each needs. The pool's lock protects
/// it.
/// </summary>
public unsafe struct RecordPage
{
    public const int CellBytes = 64;

    /// <summary>All cells but this one.</summary>
    public const ulong AllFree = ~1ul;

    /// <summary>A bit for each cell, set where it is free.</summary>
    internal ulong FreeCells;
    internal RecordPool* Owner;

    /// <summary>Among the pages with room.</summary>
    internal RecordPage* Next;
    internal RecordPage* Previous;

    /// <summary>What it is made of; none where the server has it from its start.</summary>
    internal RecordBacking Backing;

    // Safety: records lie in pages, and a page's head at its start.
    internal static RecordPage* Of(void* record) => (RecordPage*)((ulong)record & ~(Abi.UserLayout.PageSize - 1));

    internal static int CellsOf(int bytes) => (bytes + CellBytes - 1) / CellBytes;
}

/// <summary>The memory of a page, and the frame that shows it to the server.</summary>
public unsafe struct RecordBacking
{
    public UntypedBlock* Block;
    public CapabilitySlot Frame;
}
