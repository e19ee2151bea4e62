namespace Skerry.Kernel.Layout;

/// <summary>Offsets in a thread object, in bytes, which the stubs and the C# structure share.</summary>
/// <remarks>
/// <code>
///   line 0    0  rsp    8  rip    16  root   24  caps   32  cap count, state, rank, cpu, flags   40  server reply
///            48  next  56  waiting on
///   line 1   64  rax   72  rdi    80  rbx    88  r12    96  r13   104  r14   112  r15   120  previous
///   line 2  128  rsi  136  rdx   144  rcx   152  r8    160  r9    168  r10   176  r11   184  rbp
///   line 3  192  rflags                     200  what only slow paths read
///   1024    extended state (XSAVE, Intel SDM vol. 1, 13.4)
/// </code>
/// Line 0 is all of a thread that a Call or ReplyRecv touches. rbx and r12 to r15 are a message's info and words, so
/// line 1 is all that a longer system call needs beside it. Line 2 holds what only faults and interrupts keep.
/// </remarks>
public static class ThreadLayout
{
    public const int Rsp = 0;
    public const int Rip = 8;
    public const int Root = 16;
    public const int Capabilities = 24;
    public const int CapabilityCount = 32;
    public const int State = 36;
    public const int Rank = 37;
    public const int Cpu = 38;
    public const int Flags = 39;
    public const int ServerReply = 40;
    public const int Next = 48;
    public const int WaitingOn = 56;
    public const int Rax = 64;
    public const int Rdi = 72;
    public const int Rbx = 80;
    public const int R12 = 88;
    public const int R13 = 96;
    public const int R14 = 104;
    public const int R15 = 112;
    public const int Previous = 120;
    public const int Rsi = 128;
    public const int Rdx = 136;
    public const int Rcx = 144;
    public const int R8 = 152;
    public const int R9 = 160;
    public const int R10 = 168;
    public const int R11 = 176;
    public const int Rbp = 184;
    public const int Rflags = 192;
    public const int Cookie = 200;
    public const int AddressSpace = 208;
    public const int ExtendedState = 1024;
    public const int Size = 2048;

    /// <summary>In Flags: all registers and the extended state are saved, so the thread resumes by iretq.</summary>
    public const int FullFrameFlag = 1;
}
