using System;

namespace Skerry.Abi;

/// <summary>
/// The label of a message that the kernel sends for a thread that faulted. It arrives on the fault endpoint of the CPU
/// the fault happened on, with that capability's badge, and four words.
/// </summary>
/// <remarks>
/// <code>
///                       word 0              word 1               word 2                word 3
///   Page                address             instruction pointer  FaultAccess           thread's cookie
///   Exception           vector              instruction pointer  error code            thread's cookie
///   UnknownSystemCall   number (rax)        instruction pointer  rdi                   thread's cookie
///   Capability          capability address  instruction pointer  number (rax)          thread's cookie
///   Debug               cause               instruction pointer  breakpoint's address  thread's cookie
///   Timeout             ticks consumed      instruction pointer  ticks to the refill   thread's cookie
/// </code>
/// The instruction pointer is that of the instruction that faulted, a syscall instruction too. Ticks are the time-stamp
/// counter's; those consumed are all that ever ran on the scheduling context. Cause: bits 0 to 3: breakpoints
/// that struck (word 2 is the first one's address), bit 14: single step, as in DR6 (Intel SDM vol. 3B, 18.2.3); after a write
/// or read, and after a step, the instruction pointer is the next instruction's. UnknownSystemCall, Capability and Timeout
/// need <see cref="ThreadFaults"/>; of one that no time will come for, the ticks to the refill are <see cref="FaultMessage.Never"/>.
/// The answer: ReplyMapRecv maps and resumes; a reply labelled <see cref="FaultReply.SetRegisters"/> sets registers and
/// resumes; any other reply resumes; no reply leaves the thread stopped.
/// </remarks>
public enum FaultLabel : ulong
{
    Page = 0xf001,
    Exception = 0xf002,
    UnknownSystemCall = 0xf003,
    Capability = 0xf004,

    /// <summary>A breakpoint or a single step.</summary>
    Debug = 0xf005,

    /// <summary>The thread's budget is used up, or it has none. It goes on after the answer, when it has time again.</summary>
    Timeout = 0xf006,

    /// <summary>Not a fault: the bits of the notification bound to the receiving thread, as the badge.</summary>
    Notification = 0xfffe,
}

/// <summary>Values of a fault's words.</summary>
public static class FaultMessage
{
    /// <summary>Ticks to a refill that does not come.</summary>
    public const ulong Never = ulong.MaxValue;
}

/// <summary>The access that a page fault wanted: the processor's error code (Intel SDM vol. 3A, 4.7).</summary>
[Flags]
public enum FaultAccess : ulong
{
    None = 0,

    /// <summary>The page was present, so the access violates its rights.</summary>
    Present = 1 << 0,
    Write = 1 << 1,
    User = 1 << 2,
    ReservedBit = 1 << 3,
    Execute = 1 << 4,
}
