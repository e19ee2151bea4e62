namespace Skerry.Kernel.Layout;

/// <summary>Offsets in a thread object, in bytes, which the stubs and the C# structure share.</summary>
/// <remarks>Each names the line of 64 bytes that it lies in; a test holds it to that.</remarks>
public static class ThreadLayout
{
    /// <summary>All of a thread that a Call or ReplyRecv touches.</summary>
    private const int CallLine = 0;
    public const int Rsp = CallLine + 0;
    public const int Rip = CallLine + 8;
    public const int Root = CallLine + 16;
    public const int Capabilities = CallLine + 24;
    public const int CapabilityCount = CallLine + 32;
    public const int State = CallLine + 36;
    public const int Rank = CallLine + 37;
    public const int ServerRank = CallLine + 38;
    public const int Flags = CallLine + 39;
    public const int ServerReply = CallLine + 40;
    public const int Next = CallLine + 48;
    public const int WaitingOn = CallLine + 56;

    /// <summary>A message's info (rbx) and words (r12 to r15), and all else that a longer system call needs.</summary>
    private const int MessageLine = 64;
    public const int Rax = MessageLine + 0;
    public const int Rdi = MessageLine + 8;
    public const int Rbx = MessageLine + 16;
    public const int R12 = MessageLine + 24;
    public const int R13 = MessageLine + 32;
    public const int R14 = MessageLine + 40;
    public const int R15 = MessageLine + 48;
    public const int Previous = MessageLine + 56;

    /// <summary>What only faults and interrupts keep.</summary>
    private const int FrameLine = 128;
    public const int Rsi = FrameLine + 0;
    public const int Rdx = FrameLine + 8;
    public const int Rcx = FrameLine + 16;
    public const int R8 = FrameLine + 24;
    public const int R9 = FrameLine + 32;
    public const int R10 = FrameLine + 40;
    public const int R11 = FrameLine + 48;
    public const int Rbp = FrameLine + 56;

    /// <summary>The last register of a full frame, and what the thread runs on and speaks through.</summary>
    private const int OwnershipLine = 192;
    public const int Rflags = OwnershipLine + 0;
    public const int Cookie = OwnershipLine + 8;
    public const int AddressSpace = OwnershipLine + 16;
    public const int Buffer = OwnershipLine + 24;
    public const int SchedContext = OwnershipLine + 32;
    public const int Reply = OwnershipLine + 40;
    public const int BoundNotification = OwnershipLine + 48;
    public const int OwnSchedContext = OwnershipLine + 56;

    /// <summary>What the thread has under way: loans, requests, faults.</summary>
    private const int PendingLine = 256;
    public const int BorrowedThrough = PendingLine + 0;
    public const int RequestNext = PendingLine + 8;
    public const int SendBadge = PendingLine + 16;
    public const int FaultLabel = PendingLine + 24;
    public const int FaultWord0 = PendingLine + 32;
    public const int FaultWord2 = PendingLine + 40;
    public const int PriorityBit = PendingLine + 48;
    public const int Faults = PendingLine + 56;
    public const int Cpu = PendingLine + 60;

    /// <summary>The capabilities that it holds by itself. A slot is aligned to its size.</summary>
    private const int BindingLine = 320;
    public const int CapTableBinding = BindingLine + 0;
    public const int AddressSpaceBinding = BindingLine + 32;

    private const int SecondBindingLine = 384;
    public const int BufferBinding = SecondBindingLine + 0;
    public const int ControlBinding = SecondBindingLine + 32;

    /// <summary>Of debugged threads.</summary>
    private const int DebugLine = 448;
    public const int Breakpoints = DebugLine + 0;
    public const int DebugControl = DebugLine + 32;
    public const int SingleSteps = DebugLine + 40;

    /// <summary>What is asked of a slow system call, or of a timeout, alone.</summary>
    private const int SlowCallLine = 512;
    public const int MadeAgain = SlowCallLine + 0;
    public const int TimeoutHandler = SlowCallLine + 56;

    /// <summary>What was told of a timeout.</summary>
    private const int TimeoutLine = 576;
    public const int ToldOf = TimeoutLine + 0;
    public const int ToldEnd = TimeoutLine + 8;

    /// <summary>The area of XSAVE (Intel SDM vol. 1, 13.4).</summary>
    public const int ExtendedState = 1024;
    public const int Size = 2048;

    /// <summary>In Flags: all registers and the extended state are saved, so the thread resumes by iretq.</summary>
    public const int FullFrameFlag = 1;
}
