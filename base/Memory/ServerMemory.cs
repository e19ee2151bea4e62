using System;
using Skerry.Abi;

namespace Skerry.Base.Memory;

/// <summary>
/// Memory of a server for its own bookkeeping: a run of mapped, zeroed pages that are handed out one after another
/// and never come back. A server sizes it by the memory it manages, when it starts.
/// </summary>
public unsafe struct ServerMemory(byte* start, ulong bytes)
{
    /// <summary>Protects <see cref="_next"/>.</summary>
    private ExclusiveLock _lock;
    private byte* _next = start;
    private readonly byte* _end = start + bytes;

    /// <summary>Bytes that nobody has taken.</summary>
    public readonly ulong Free => (ulong)(_end - _next);

    /// <summary>A run of zeroed bytes, a multiple of the page size; null if there is no room for it.</summary>
    public byte* TryTake(ulong bytes)
    {
        ulong rounded = (bytes + UserLayout.PageSize - 1) & ~(UserLayout.PageSize - 1);
        _lock.Acquire();
        byte* taken = null;
        if (rounded <= Free)
        {
            taken = _next;
            _next += rounded;
        }
        _lock.Release();
        return taken;
    }
}
