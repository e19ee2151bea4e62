using System.Threading;
using Skerry.Abi;

namespace Skerry.Base.Measurement;

/// <summary>
/// Reads the ring of a traced CPU (<see cref="TraceRing"/>), oldest record first, also while the kernel writes. Records
/// that were overwritten before they could be read are counted.
/// </summary>
public unsafe struct TraceReader(ulong address)
{
    private readonly byte* _ring = (byte*)address;
    private ulong _next;

    /// <summary>Records that this reader did not get.</summary>
    public ulong Lost { readonly get; private set; }

    /// <summary>Records since the trace was started.</summary>
    public readonly ulong Written => Volatile.Read(ref *(ulong*)(_ring + TraceRing.WrittenOffset));

    private readonly ulong Capacity => Volatile.Read(ref *(ulong*)(_ring + TraceRing.CapacityOffset));

    /// <returns>False: all that were written so far have been read, or the ring was never written.</returns>
    public bool TryRead(out TraceRecord record)
    {
        record = default;
        ulong capacity = Capacity;
        if (Volatile.Read(ref *(ulong*)_ring) != TraceRing.Magic || capacity < 2)
        {
            return false;
        }
        while (true)
        {
            ulong written = Written;
            if (written < _next)
            {
                // The trace was started anew.
                _next = 0;
            }
            if (written == _next)
            {
                return false;
            }
            if (written - _next >= capacity)
            {
                ulong oldest = written - capacity + 1;
                Lost += oldest - _next;
                _next = oldest;
            }
            Copy(_next % capacity, ref record);
            // The place belongs to this record until written has come round to it.
            if (Written - _next < capacity)
            {
                _next++;
                return true;
            }
        }
    }

    private readonly void Copy(ulong place, ref TraceRecord record)
    {
        var from = (ulong*)(_ring + TraceRing.HeaderBytes + place * TraceRing.RecordBytes);
        fixed (TraceRecord* start = &record)
        {
            var to = (ulong*)start;
            for (int i = 0; i < TraceRing.RecordBytes / sizeof(ulong); i++)
            {
                to[i] = Volatile.Read(ref from[i]);
            }
        }
    }
}
