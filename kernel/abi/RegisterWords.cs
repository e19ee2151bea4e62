namespace Skerry.Abi;

/// <summary>
/// Registers of a thread as a message: of Thread.ReadAllRegisters and WriteAllRegisters, and of an answer to a fault that
/// sets them (<see cref="FaultReply"/>).
/// </summary>
/// <remarks>
/// <code>
///   word  0 rip   1 rsp   2 rflags   3 rax      in registers, as any message
///         4 rbx   5 rcx   6 rdx      7 rsi      in the message buffer
///         8 rdi   9 rbp  10 r8  to  17 r15
/// </code>
/// rip is a user address. Of rflags the kernel takes what user mode may change without harm to it
/// (<see cref="ChangeableFlags"/>); the rest is as of a new thread. A thread that waits in a system call has rax, rdi, rbx
/// and r12 to r15 alone; the others read as 0.
/// </remarks>
public static class RegisterWords
{
    /// <summary>rip, rsp, rflags and rax.</summary>
    public const int Short = 4;

    /// <summary>All.</summary>
    public const int Count = 18;

    /// <summary>Where single ones lie.</summary>
    public const int Rdx = 6;
    public const int Rdi = 8;

    /// <summary>CF, PF, AF, ZF, SF, DF, OF, AC, ID (Intel SDM vol. 1, 3.4.3).</summary>
    public const ulong ChangeableFlags =
        1 << 0 | 1 << 2 | 1 << 4 | 1 << 6 | 1 << 7 | 1 << 10 | 1 << 11 | 1 << 18 | 1 << 21;
}
