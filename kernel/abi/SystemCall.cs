namespace Skerry.Abi;

/// <summary>
/// The number in <c>rax</c> at a <c>syscall</c> instruction.
/// </summary>
/// <remarks>
/// Registers of every call (docs/abi.md):
/// <code>
///            in                        out
///   rax      SystemCall                Status
///   rdi      capability address        badge of the message received
///   rbx      MessageInfo               MessageInfo of the message received
///   r12 to r15      words 0 to 3       words 0 to 3
///   rsp      -                         kept
/// </code>
/// Everything else is dead at a system call, and afterwards nothing of another address space, but for x87 registers and
/// selectors. The message lies where C# keeps what outlives a call, so the kernel carries it from one thread to another
/// without touching it.
/// </remarks>
public enum SystemCall : ulong
{
    /// <summary>
    /// Send to an endpoint and wait for the reply. The receiver runs on the caller's scheduling context if it has none
    /// of its own.
    /// </summary>
    Call = 0,

    /// <summary>Answer the caller bound to this thread's Reply object, then receive from the endpoint.</summary>
    ReplyRecv = 1,

    /// <summary>An operation on a kernel object; the MessageInfo's label names it.</summary>
    Invoke = 2,

    /// <summary>Map pages of a frame for the thread whose fault this thread received, resume it, and receive.</summary>
    ReplyMapRecv = 3,

    /// <summary>Set a notification's bits (its badge), or ring a doorbell.</summary>
    Signal = 4,

    /// <summary>Take a notification's bits, waiting until there are some.</summary>
    Wait = 5,

    /// <summary>Take a notification's bits if there are some, else <see cref="Status.WouldBlock"/>.</summary>
    Poll = 6,

    /// <summary>Send if a receiver waits, else do nothing; or answer through a Reply object.</summary>
    NBSend = 7,

    /// <summary>Give the rest of this time slice to threads of the same priority.</summary>
    Yield = 8,

    /// <summary>Send to an endpoint or a Reply object; wait until the message is taken.</summary>
    Send = 9,

    /// <summary>Receive from an endpoint, waiting for a message.</summary>
    Recv = 10,

    /// <summary>Receive from an endpoint if a sender waits, else <see cref="Status.WouldBlock"/>.</summary>
    NBRecv = 11,
}
