namespace System;

// The types the C# language names by keyword. The compiler knows their layout; the constants are what Skerry uses.

public struct Void { }

public struct Boolean
{
    private bool _value;
}

public struct Char
{
    private char _value;
}

public struct SByte
{
    private sbyte _value;
}

public struct Byte
{
    private byte _value;
    public const byte MaxValue = 0xff;
}

public struct Int16
{
    private short _value;
}

public struct UInt16
{
    private ushort _value;
    public const ushort MaxValue = 0xffff;
}

public struct Int32
{
    private int _value;
    public const int MaxValue = 0x7fffffff;
    public const int MinValue = unchecked((int)0x80000000);
}

public struct UInt32
{
    private uint _value;
    public const uint MaxValue = 0xffffffff;
}

public struct Int64
{
    private long _value;
    public const long MaxValue = 0x7fffffffffffffff;
    public const long MinValue = unchecked((long)0x8000000000000000);
}

public struct UInt64
{
    private ulong _value;
    public const ulong MaxValue = 0xffffffffffffffff;
}

public struct IntPtr
{
    private nint _value;
}

public struct UIntPtr
{
    private nuint _value;
}

public struct Single
{
    private float _value;
}

public struct Double
{
    private double _value;
}
