using System.Runtime.InteropServices;

namespace Skerry.Base.Heap;

/// <summary>
/// One thread's objects, laid down one behind the other. Nothing is freed singly: a scope gives back all that was made
/// since it began.
/// </summary>
[StructLayout(LayoutKind.Sequential)]
public unsafe struct Arena
{
    private const ulong Alignment = 8;

    /// <summary>The chunk in use; its Next is the one used before.</summary>
    private Chunk* _chunk;
    private ulong _cursor;
    private ulong _end;

    public readonly ArenaMark Mark => new(_chunk, _cursor);

    /// <summary>Memory filled with zero, aligned to 8; false if the heap can't grow.</summary>
    public bool TryAllocate<TMemory>(ref ChunkPool<TMemory> pool, ulong bytes, out ulong address)
        where TMemory : struct, IHeapMemory
    {
        address = 0;
        if (bytes > ulong.MaxValue - Alignment)
        {
            return false;
        }
        ulong size = (bytes + Alignment - 1) & ~(Alignment - 1);
        if (size > _end - _cursor && !TryAddChunk(ref pool, size))
        {
            return false;
        }
        address = _cursor;
        _cursor += size;
        Clear(address, size);
        return true;
    }

    /// <summary>Gives back all that was allocated since the mark. No object of it may be used any more.</summary>
    public void ReleaseTo<TMemory>(ref ChunkPool<TMemory> pool, ArenaMark mark)
        where TMemory : struct, IHeapMemory
    {
        while (_chunk != mark.Chunk)
        {
            Chunk* released = _chunk;
            _chunk = released->Next;
            pool.Give(released);
        }
        _cursor = mark.Cursor;
        _end = _chunk == null ? 0 : Chunk.EndOf(_chunk);
    }

    private bool TryAddChunk<TMemory>(ref ChunkPool<TMemory> pool, ulong size)
        where TMemory : struct, IHeapMemory
    {
        Chunk* chunk = pool.Take(size);
        if (chunk == null)
        {
            return false;
        }
        chunk->Next = _chunk;
        _chunk = chunk;
        _cursor = Chunk.ContentOf(chunk);
        _end = Chunk.EndOf(chunk);
        return true;
    }

    /// <summary>At allocation, because memory comes back from scopes with what they left in it.</summary>
    private static void Clear(ulong address, ulong bytes)
    {
        for (ulong offset = 0; offset < bytes; offset += sizeof(ulong))
        {
            *(ulong*)(address + offset) = 0;
        }
    }
}
