using System;
using System.Runtime.InteropServices;

namespace Skerry.Abi;

/// <summary>One kernel entry, from the door to the way out.</summary>
/// <remarks>
/// <code>
///          0                 8          12     13     14     15     16       24       32
///         +-----------------+----------+------+------+------+------+--------+--------+
///         | start           | duration | type | code |label |status| thread | object |
///         +-----------------+----------+------+------+------+------+--------+--------+
/// </code>
/// type: <see cref="TraceKind"/> in bits 0 to 3, <see cref="TraceFlags"/> in bits 4 to 7.
/// </remarks>
[StructLayout(LayoutKind.Explicit, Size = TraceRing.RecordBytes)]
public struct TraceRecord
{
    /// <summary>The time-stamp counter at the entry.</summary>
    [FieldOffset(0)]
    public ulong Start;

    /// <summary>Ticks of the time-stamp counter; 2^32 - 1 if it took longer.</summary>
    [FieldOffset(8)]
    public uint Duration;

    [FieldOffset(12)]
    private byte _type;

    /// <summary>Number of the system call, 255 for all that are larger; or the vector.</summary>
    [FieldOffset(13)]
    public byte Code;

    /// <summary>Of Invoke: the operation's label, 255 for all that are larger. Else 0.</summary>
    [FieldOffset(14)]
    public byte Label;

    /// <summary>
    /// What the system call came to, a <see cref="Status"/>; <see cref="Open"/> if the thread did not have its answer
    /// when the kernel was left, and for what is no system call.
    /// </summary>
    [FieldOffset(15)]
    public byte Status;

    /// <summary>The cookie that SetSpaces gave the thread; 0 if the CPU was idle.</summary>
    [FieldOffset(16)]
    public ulong Thread;

    /// <summary>A system call's capability address; a page fault's address; an exception's error code; else 0.</summary>
    [FieldOffset(24)]
    public ulong Object;

    public const byte Open = 255;

    private const int FlagsShift = 4;
    private const int DurationBits = 32;
    private const int TypeShift = 32;
    private const int CodeShift = 40;
    private const int LabelShift = 48;
    private const int StatusShift = 56;

    public readonly TraceKind Kind => (TraceKind)(_type & 15);

    public readonly TraceFlags Flags => (TraceFlags)(_type >> FlagsShift);

    /// <summary>The record's second word. What does not fit is told as the largest that does.</summary>
    public static ulong SecondWord(
        ulong duration,
        TraceKind kind,
        TraceFlags flags,
        ulong code,
        ulong label,
        ulong status
    ) =>
        (duration >> DurationBits == 0 ? duration : uint.MaxValue)
        | ((ulong)kind | ((ulong)flags << FlagsShift)) << TypeShift
        | Byte(code) << CodeShift
        | Byte(label) << LabelShift
        | Byte(status) << StatusShift;

    private static ulong Byte(ulong value) => value < byte.MaxValue ? value : byte.MaxValue;
}

/// <summary>How the kernel was entered.</summary>
public enum TraceKind : byte
{
    None = 0,

    /// <summary>By SYSCALL; the code is a <see cref="SystemCall"/>.</summary>
    SystemCall = 1,

    /// <summary>By an exception or interrupt; the code is the vector.</summary>
    Vector = 2,
}

/// <summary>How the kernel was left.</summary>
[Flags]
public enum TraceFlags : byte
{
    None = 0,

    /// <summary>By the fastpath, which waits for no lock.</summary>
    Fast = 1,

    /// <summary>Another thread runs than the one that entered.</summary>
    Switched = 2,

    /// <summary>No thread runs.</summary>
    Idle = 4,
}
