namespace Skerry.Kernel.Layout;

/// <summary>
/// Offsets in a thread object, in bytes. The structure and the stubs read the same constants.
/// </summary>
/// <remarks>
/// <code>
///   line 0    0  rsp   8  rip  16  rflags  24  rbx  32  rbp  40  r12  48  r13  56  r14
///   line 1   64  r15  72  root 80  caps    88  cap count, state  96  reply  104  context  112  next  120  previous
///   line 2  128  rax 136  rdi 144  rsi    152  rdx 160  r8  168  r9  176  r10  184  rcx
///   line 3  192  r11 200  what only slow paths read
///   1024    extended state (XSAVE, Intel SDM vol. 1, 13.4)
/// </code>
/// Lines 0 and 1 are all of a thread that a Call or ReplyRecv touches.
/// </remarks>
public static class ThreadLayout
{
    public const int Rsp = 0;
    public const int Rip = 8;
    public const int Rflags = 16;
    public const int Rbx = 24;
    public const int Rbp = 32;
    public const int R12 = 40;
    public const int R13 = 48;
    public const int R14 = 56;
    public const int R15 = 64;
    public const int Root = 72;
    public const int Capabilities = 80;
    public const int CapabilityCount = 88;
    public const int State = 92;
    public const int Priority = 93;
    public const int Cpu = 94;
    public const int Flags = 95;
    public const int Reply = 96;
    public const int SchedContext = 104;
    public const int Next = 112;
    public const int Previous = 120;
    public const int Rax = 128;
    public const int Rdi = 136;
    public const int Rsi = 144;
    public const int Rdx = 152;
    public const int R8 = 160;
    public const int R9 = 168;
    public const int R10 = 176;
    public const int Rcx = 184;
    public const int R11 = 192;
    public const int ExtendedState = 1024;
    public const int Size = 2048;

    /// <summary>In Flags: all registers and the extended state are saved, so the thread resumes by iretq.</summary>
    public const int FullFrameFlag = 1;
}
