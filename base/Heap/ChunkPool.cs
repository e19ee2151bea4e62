using Skerry.Abi;
using Skerry.Base.Kernel;

namespace Skerry.Base.Heap;

/// <summary>The component's chunks that no arena uses, and where more come from.</summary>
public unsafe struct ChunkPool<TMemory>(TMemory memory)
    where TMemory : struct, IHeapMemory
{
    /// <summary>Small objects share chunks of this size; a larger object gets a chunk of its own.</summary>
    public const ulong NormalBytes = 64 * 1024;

    private TMemory _memory = memory;
    private UserLock _lock;

    /// <summary>Protected by the lock.</summary>
    private Chunk* _free;

    /// <summary>A chunk with room for so many bytes of content; null if the heap can't grow.</summary>
    public Chunk* Take(ulong contentBytes)
    {
        if (contentBytes > ulong.MaxValue - NormalBytes)
        {
            return null;
        }
        ulong wanted = (contentBytes + Chunk.HeadBytes + UserLayout.PageSize - 1) & ~(UserLayout.PageSize - 1);
        wanted = wanted < NormalBytes ? NormalBytes : wanted;
        _lock.Acquire();
        Chunk* chunk = TakeFree(wanted);
        if (chunk == null && _memory.TryExtend(wanted, out ulong address))
        {
            chunk = (Chunk*)address;
            chunk->Bytes = wanted;
        }
        _lock.Release();
        return chunk;
    }

    public void Give(Chunk* chunk)
    {
        _lock.Acquire();
        chunk->Next = _free;
        _free = chunk;
        _lock.Release();
    }

    /// <summary>The first that is large enough, unless more than half of it would lie idle.</summary>
    private Chunk* TakeFree(ulong wanted)
    {
        Chunk* previous = null;
        for (Chunk* chunk = _free; chunk != null; chunk = chunk->Next)
        {
            if (chunk->Bytes >= wanted && chunk->Bytes / 2 <= wanted)
            {
                if (previous == null)
                {
                    _free = chunk->Next;
                }
                else
                {
                    previous->Next = chunk->Next;
                }
                return chunk;
            }
            previous = chunk;
        }
        return null;
    }
}
