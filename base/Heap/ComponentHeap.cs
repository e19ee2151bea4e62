using Skerry.Base.Startup;

namespace Skerry.Base.Heap;

/// <summary>The heap of the running component.</summary>
public static class ComponentHeap
{
    private static ChunkPool<AccountMemory> pool;

    /// <summary>Memory for an object of the running thread, filled with zero; false if account and parent have none.</summary>
    public static bool TryAllocate(ulong bytes, out ulong address) =>
        ThreadContext.Current.Arena.TryAllocate(ref pool, bytes, out address);

    public static void ReleaseTo(ArenaMark mark) => ThreadContext.Current.Arena.ReleaseTo(ref pool, mark);
}
