namespace Skerry.Base.Memory;

/// <summary>Where pools of records have their pages from. Neither is called with a lock held that it takes itself.</summary>
public unsafe struct RecordSupply
{
    /// <summary>Passed to both.</summary>
    public void* Server;

    /// <summary>Shows a page of zeroed memory at an address; false if there is none.</summary>
    public delegate* <void*, ulong, RecordBacking*, bool> Take;

    /// <summary>Takes it away again.</summary>
    public delegate* <void*, RecordBacking, void> Give;
}
