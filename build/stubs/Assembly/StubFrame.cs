using System;
using Iced.Intel;

namespace Skerry.Stubs.Assembly;

/// <summary>What a debugger needs to know before an instruction of a stub to find its caller.</summary>
/// <param name="Place">Where the caller's address is.</param>
/// <param name="Pushed">
/// What lies on the stack from rsp up to there, the last pushed last: registers, or None for anything else.
/// </param>
internal readonly record struct StubFrame(CallerPlace Place, Register[] Pushed)
{
    /// <summary>Of a stub that is called.</summary>
    public static StubFrame Called => new(CallerPlace.Stack, []);

    /// <summary>Of the door of SYSCALL.</summary>
    public static StubFrame SystemCall => new(CallerPlace.Registers, []);

    /// <summary>Of what goes on for the current thread, on the CPU's empty stack.</summary>
    public static StubFrame OfThread => new(CallerPlace.Thread, []);

    public static StubFrame Unknown => new(CallerPlace.Unknown, []);

    /// <summary>Of a door of exceptions or interrupts.</summary>
    /// <param name="words">How many lie on the stack below the hardware's frame: vector, error code.</param>
    public static StubFrame Trap(int words) => new(CallerPlace.HardwareFrame, new Register[words]);

    /// <summary>Whether it is one between a door and what came in by it.</summary>
    public bool IsBorder => Place is CallerPlace.BehindThread or CallerPlace.BehindHardwareFrame;

    public bool Equals(StubFrame other) => Place == other.Place && Pushed.AsSpan().SequenceEqual(other.Pushed);

    public override int GetHashCode() => HashCode.Combine(Place, Pushed.Length);
}
