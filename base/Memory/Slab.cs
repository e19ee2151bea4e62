using System;
using Skerry.Abi;

namespace Skerry.Base.Memory;

/// <summary>
/// Objects of one size, of the server's own memory: an allocation is a few instructions, nothing moves, and nothing is ever
/// collected. What a client pays for lies in its own pages (<see cref="RecordPool"/>).
/// </summary>
public unsafe struct Slab<T>(ServerMemory* memory)
    where T : unmanaged
{
    /// <summary>Protects the list and the counts.</summary>
    private ExclusiveLock _lock;
    private readonly ServerMemory* _memory = memory;
    private FreeItem* _free;

    /// <summary>Objects handed out and not given back.</summary>
    public uint InUse { get; private set; }

    /// <summary>A zeroed object, or null if the server's memory is used up.</summary>
    public T* TryTake()
    {
        _lock.Acquire();
        FreeItem* item = _free;
        if (item == null)
        {
            item = Grow();
        }
        if (item != null)
        {
            _free = item->Next;
            InUse++;
        }
        _lock.Release();
        if (item == null)
        {
            return null;
        }
        new Span<byte>(item, ItemBytes).Clear();
        return (T*)item;
    }

    /// <summary>The object must have come from this slab and must not be used any more.</summary>
    public void Give(T* item)
    {
        // What is used after it was given back shows as an address that nothing is mapped at.
        new Span<byte>(item, ItemBytes).Fill(0xdd);
        var freed = (FreeItem*)item;
        _lock.Acquire();
        freed->Next = _free;
        _free = freed;
        InUse--;
        _lock.Release();
    }

    private static int ItemBytes => sizeof(T) < sizeof(FreeItem) ? sizeof(FreeItem) : (sizeof(T) + 7) & ~7;

    /// <summary>Turns fresh pages into free objects; the lock is held.</summary>
    private FreeItem* Grow()
    {
        ulong bytes = UserLayout.PageSize;
        if ((ulong)ItemBytes > bytes)
        {
            bytes = (ulong)ItemBytes;
        }
        byte* pages = _memory->TryTake(bytes);
        if (pages == null)
        {
            return null;
        }
        FreeItem* first = null;
        for (ulong offset = 0; offset + (ulong)ItemBytes <= bytes; offset += (ulong)ItemBytes)
        {
            var item = (FreeItem*)(pages + offset);
            item->Next = first;
            first = item;
        }
        return first;
    }

    private struct FreeItem
    {
        public FreeItem* Next;
    }
}
