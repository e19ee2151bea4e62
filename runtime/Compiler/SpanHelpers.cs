using System.Runtime;

namespace System;

/// <summary>
/// memcpy, memset and their like, under the names ilc calls. Word by word in plain registers: the kernel's paths from
/// entry to the switch must not touch a vector register (the image check proves it).
/// </summary>
internal static unsafe class SpanHelpers
{
    /// <summary>Bytes of a round of the long loops: four words.</summary>
    private const int Round = 32;

    [RuntimeExport("RhSpanHelpers_MemCopy")]
    public static void Memmove(ref byte destination, ref byte source, nuint length)
    {
        fixed (byte* to = &destination)
        fixed (byte* from = &source)
        {
            if ((nuint)to - (nuint)from >= length)
            {
                CopyUpwards(to, from, length);
            }
            else
            {
                CopyDownwards(to, from, length);
            }
        }
    }

    [RuntimeExport("RhSpanHelpers_MemSet")]
    public static void Fill(ref byte destination, byte value, nuint length)
    {
        fixed (byte* to = &destination)
        {
            ulong word = value * 0x0101010101010101ul;
            nuint i = 0;
            for (; i + Round <= length; i += Round)
            {
                *(ulong*)(to + i) = word;
                *(ulong*)(to + i + 8) = word;
                *(ulong*)(to + i + 16) = word;
                *(ulong*)(to + i + 24) = word;
            }
            for (; i + 8 <= length; i += 8)
            {
                *(ulong*)(to + i) = word;
            }
            for (; i < length; i++)
            {
                to[i] = value;
            }
        }
    }

    [RuntimeExport("RhSpanHelpers_MemZero")]
    public static void ClearWithoutReferences(ref byte destination, nuint length) => Fill(ref destination, 0, length);

    private static void CopyUpwards(byte* to, byte* from, nuint length)
    {
        nuint i = 0;
        // Each word before the next, as the two may overlap.
        for (; i + Round <= length; i += Round)
        {
            *(ulong*)(to + i) = *(ulong*)(from + i);
            *(ulong*)(to + i + 8) = *(ulong*)(from + i + 8);
            *(ulong*)(to + i + 16) = *(ulong*)(from + i + 16);
            *(ulong*)(to + i + 24) = *(ulong*)(from + i + 24);
        }
        for (; i + 8 <= length; i += 8)
        {
            *(ulong*)(to + i) = *(ulong*)(from + i);
        }
        for (; i < length; i++)
        {
            to[i] = from[i];
        }
    }

    private static void CopyDownwards(byte* to, byte* from, nuint length)
    {
        nuint i = length;
        for (; i >= 8; i -= 8)
        {
            *(ulong*)(to + i - 8) = *(ulong*)(from + i - 8);
        }
        for (; i > 0; i--)
        {
            to[i - 1] = from[i - 1];
        }
    }
}

internal static class Buffer
{
    private static void BulkMoveWithWriteBarrier(ref byte destination, ref byte source, nuint length) =>
        SpanHelpers.Memmove(ref destination, ref source, length);
}
