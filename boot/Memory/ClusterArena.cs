namespace Skerry.Boot.Memory;

/// <summary>Hands out zeroed pages from the start of a cluster's home range, one behind the other.</summary>
public struct ClusterArena(PhysicalMemory memory, ulong start, ulong end)
{
    private readonly PhysicalMemory _memory = memory;
    private readonly ulong _end = end;

    /// <summary>The first page that nothing occupies.</summary>
    public ulong Next { get; private set; } = start;

    /// <summary>Physical address of so many contiguous pages; 0 if there are not as many.</summary>
    public ulong Allocate(ulong pages)
    {
        ulong bytes = pages * PhysicalMemory.PageSize;
        if (bytes > _end - Next)
        {
            return 0;
        }
        ulong address = Next;
        _memory.Clear(address, bytes);
        Next += bytes;
        return address;
    }
}
