using System.Runtime.CompilerServices;

namespace System.Threading;

/// <summary>Atomic operations; each compiles to one locked instruction.</summary>
public static class Interlocked
{
    [Intrinsic]
    public static extern int CompareExchange(ref int location, int value, int comparand);

    [Intrinsic]
    public static extern long CompareExchange(ref long location, long value, long comparand);

    [Intrinsic]
    public static extern int Exchange(ref int location, int value);

    [Intrinsic]
    public static extern long Exchange(ref long location, long value);

    [Intrinsic]
    public static extern int ExchangeAdd(ref int location, int value);

    [Intrinsic]
    public static extern long ExchangeAdd(ref long location, long value);

    [Intrinsic]
    public static extern void MemoryBarrier();

    public static uint CompareExchange(ref uint location, uint value, uint comparand) =>
        (uint)CompareExchange(ref Unsafe.As<uint, int>(ref location), (int)value, (int)comparand);

    public static ulong CompareExchange(ref ulong location, ulong value, ulong comparand) =>
        (ulong)CompareExchange(ref Unsafe.As<ulong, long>(ref location), (long)value, (long)comparand);

    public static uint Exchange(ref uint location, uint value) =>
        (uint)Exchange(ref Unsafe.As<uint, int>(ref location), (int)value);

    public static ulong Exchange(ref ulong location, ulong value) =>
        (ulong)Exchange(ref Unsafe.As<ulong, long>(ref location), (long)value);

    public static int Add(ref int location, int value) => ExchangeAdd(ref location, value) + value;

    public static long Add(ref long location, long value) => ExchangeAdd(ref location, value) + value;

    public static uint Add(ref uint location, uint value) =>
        (uint)Add(ref Unsafe.As<uint, int>(ref location), (int)value);

    public static ulong Add(ref ulong location, ulong value) =>
        (ulong)Add(ref Unsafe.As<ulong, long>(ref location), (long)value);

    public static int Increment(ref int location) => Add(ref location, 1);

    public static long Increment(ref long location) => Add(ref location, 1);

    public static ulong Or(ref ulong location, ulong value)
    {
        ulong current = Volatile.Read(ref location);
        while (true)
        {
            ulong seen = CompareExchange(ref location, current | value, current);
            if (seen == current)
            {
                return seen;
            }
            current = seen;
        }
    }

    public static ulong And(ref ulong location, ulong value)
    {
        ulong current = Volatile.Read(ref location);
        while (true)
        {
            ulong seen = CompareExchange(ref location, current & value, current);
            if (seen == current)
            {
                return seen;
            }
            current = seen;
        }
    }
}

/// <summary>Loads and stores that the compiler neither drops nor moves; plain moves on x86.</summary>
public static class Volatile
{
    [Intrinsic]
    public static bool Read(ref readonly bool location) =>
        Unsafe.As<bool, VolatileBoolean>(ref Unsafe.AsRef(in location)).Value;

    [Intrinsic]
    public static byte Read(ref readonly byte location) =>
        Unsafe.As<byte, VolatileByte>(ref Unsafe.AsRef(in location)).Value;

    [Intrinsic]
    public static int Read(ref readonly int location) =>
        Unsafe.As<int, VolatileInt32>(ref Unsafe.AsRef(in location)).Value;

    [Intrinsic]
    public static uint Read(ref readonly uint location) =>
        Unsafe.As<uint, VolatileUInt32>(ref Unsafe.AsRef(in location)).Value;

    [Intrinsic]
    public static long Read(ref readonly long location) =>
        (long)Unsafe.As<long, VolatileUIntPtr>(ref Unsafe.AsRef(in location)).Value;

    [Intrinsic]
    public static ulong Read(ref readonly ulong location) =>
        Unsafe.As<ulong, VolatileUIntPtr>(ref Unsafe.AsRef(in location)).Value;

    [Intrinsic]
    public static void Write(ref bool location, bool value) =>
        Unsafe.As<bool, VolatileBoolean>(ref location).Value = value;

    [Intrinsic]
    public static void Write(ref byte location, byte value) =>
        Unsafe.As<byte, VolatileByte>(ref location).Value = value;

    [Intrinsic]
    public static void Write(ref int location, int value) => Unsafe.As<int, VolatileInt32>(ref location).Value = value;

    [Intrinsic]
    public static void Write(ref uint location, uint value) =>
        Unsafe.As<uint, VolatileUInt32>(ref location).Value = value;

    [Intrinsic]
    public static void Write(ref long location, long value) =>
        Unsafe.As<long, VolatileUIntPtr>(ref location).Value = (nuint)value;

    [Intrinsic]
    public static void Write(ref ulong location, ulong value) =>
        Unsafe.As<ulong, VolatileUIntPtr>(ref location).Value = (nuint)value;

    private struct VolatileBoolean
    {
        public volatile bool Value;
    }

    private struct VolatileByte
    {
        public volatile byte Value;
    }

    private struct VolatileInt32
    {
        public volatile int Value;
    }

    private struct VolatileUInt32
    {
        public volatile uint Value;
    }

    private struct VolatileUIntPtr
    {
        public volatile nuint Value;
    }
}
