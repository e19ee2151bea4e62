using System.Runtime.InteropServices;
using System.Threading;
using Skerry.Abi;

namespace Skerry.Kernel.Tracing;

/// <summary>
/// Writes the ring of one CPU (<see cref="TraceRing"/>). Where it is and how far it is stands here: the ring itself is
/// writable by user level, so nothing in it is read.
/// </summary>
[StructLayout(LayoutKind.Sequential)]
internal unsafe struct TraceWriter
{
    private byte* _ring;
    private ulong _capacity;
    private ulong _place;
    private ulong _written;

    public readonly bool IsOn => _ring != null;

    /// <summary>Begins with an empty ring; null ends.</summary>
    public void Open(byte* ring, ulong pages, uint cpu)
    {
        _ring = ring;
        if (ring == null)
        {
            return;
        }
        _capacity = TraceRing.CapacityOf(pages);
        _place = 0;
        _written = 0;
        *(ulong*)(ring + TraceRing.WrittenOffset) = 0;
        *(ulong*)(ring + TraceRing.CapacityOffset) = _capacity;
        *(ulong*)(ring + TraceRing.CpuOffset) = cpu;
        Volatile.Write(ref *(ulong*)(ring + TraceRing.MagicOffset), TraceRing.Magic);
    }

    /// <summary>Word by word, as vector registers may be a user's.</summary>
    public void Write(ulong start, ulong second, ulong thread, ulong target)
    {
        var record = (ulong*)(_ring + TraceRing.HeaderBytes + _place * TraceRing.RecordBytes);
        // Who has seen any of these has seen, or will see, that written was this record's number: stores come in order.
        Volatile.Write(ref record[0], start);
        Volatile.Write(ref record[1], second);
        Volatile.Write(ref record[2], thread);
        Volatile.Write(ref record[3], target);
        _place++;
        if (_place == _capacity)
        {
            _place = 0;
        }
        _written++;
        Volatile.Write(ref *(ulong*)(_ring + TraceRing.WrittenOffset), _written);
    }
}
