namespace Skerry.Abi;

/// <summary>
/// The number in <c>rax</c> at a <c>syscall</c> instruction.
/// </summary>
/// <remarks>
/// Registers of every call (docs/abi.md):
/// <code>
///            in                        out
///   rax      SystemCall                Status
///   rdi      capability slot           badge of the message received
///   rsi      MessageInfo               MessageInfo of the message received
///   rdx r8 r9 r10   words 0 to 3       words 0 to 3
///   rcx r11  -                         destroyed by the processor
/// </code>
/// rbx, rbp, rsp and r12 to r15 are kept. Vector registers are dead at a system call.
/// </remarks>
public enum SystemCall : ulong
{
    /// <summary>Send to an endpoint and wait for the reply. The receiver runs on the caller's scheduling context.</summary>
    Call = 0,

    /// <summary>Answer the caller bound to this thread's Reply object, then receive from the endpoint.</summary>
    ReplyRecv = 1,

    /// <summary>Map pages of a frame for the thread whose fault this thread received, resume it, and receive.</summary>
    ReplyMapRecv = 2,

    /// <summary>Send to an endpoint or a Reply object; wait until the message is taken.</summary>
    Send = 3,

    /// <summary>Send if a receiver waits, else do nothing; or answer through a Reply object.</summary>
    NBSend = 4,

    /// <summary>Receive from an endpoint, waiting for a message.</summary>
    Recv = 5,

    /// <summary>Receive from an endpoint if a sender waits, else <see cref="Status.WouldBlock"/>.</summary>
    NBRecv = 6,

    /// <summary>Set a notification's bits (its badge), or ring a doorbell.</summary>
    Signal = 7,

    /// <summary>Take a notification's bits, waiting until there are some.</summary>
    Wait = 8,

    /// <summary>Take a notification's bits if there are some, else <see cref="Status.WouldBlock"/>.</summary>
    Poll = 9,

    /// <summary>Give the rest of this time slice to threads of the same priority.</summary>
    Yield = 10,

    /// <summary>An operation on a kernel object; the MessageInfo's label names it.</summary>
    Invoke = 11,
}
