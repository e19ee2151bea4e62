namespace Skerry.Apps.KernelBench;

/// <summary>
/// What the assembled parts of a measurement and the program around them agree on (apps/kernelbench): the request of one
/// measured call, and the board, a few pages that client and server both see although they live in different address
/// spaces. The board lies below 2 GiB, so that an instruction can name a field of it without a register.
/// </summary>
public static class MeasureLayout
{
    /// <summary>Fields of a request, in bytes. What goes in as the number, slot, info and words comes out as the answer.</summary>
    public const int Number = 0;
    public const int Slot = 8;
    public const int Info = 16;
    public const int Word0 = 24;
    public const int Begin = 56;
    public const int End = 64;
    public const int RequestBytes = 72;

    public const int Words = 4;
    public const int WordBytes = 8;

    public const int Board = 0x2000_0000;
    public const int BoardPages = 8;

    /// <summary>The endpoint that a server receives from, and the MessageInfo of its answers.</summary>
    public const int ServerSlot = Board;
    public const int ServerInfo = Board + 8;

    /// <summary>Readings of the counter: before a fault, in the handler, and before its answer.</summary>
    public const int Started = Board + 16;
    public const int Handled = Board + 24;
    public const int Answered = Board + 32;

    /// <summary>What the handler saw: status, badge, MessageInfo and word 0 of the last message.</summary>
    public const int SeenStatus = Board + 40;
    public const int SeenBadge = Board + 48;
    public const int SeenInfo = Board + 56;
    public const int SeenWord = Board + 64;

    /// <summary>Added up by a pager: the statuses of its mappings, which must all be 0.</summary>
    public const int StatusSum = Board + 72;

    /// <summary>Of the pager: word 0 of ReplyMapRecv and of Frame.Map, and the frame's slot.</summary>
    public const int FrameAndRights = Board + 80;
    public const int SpaceAndRights = Board + 88;
    public const int FrameSlot = Board + 96;

    /// <summary>Notifications: of the waiter; both of a ping-pong, named by its client; at the end of a thread's work.</summary>
    public const int WaiterSlot = Board + 104;
    public const int PingSlot = Board + 112;
    public const int PongSlot = Board + 120;
    public const int DoneSlot = Board + 128;
    public const int IdleSlot = Board + 136;

    /// <summary>Where the faulter begins, and how many rounds it or the thread that waits for its refill makes.</summary>
    public const int FirstPage = Board + 144;
    public const int Rounds = Board + 152;

    /// <summary>The last reading of the thread that does nothing else.</summary>
    public const int Spun = Board + 160;

    /// <summary>The endpoint of a server that calls another one, and the capability and MessageInfo of that call.</summary>
    public const int ForwardSlot = Board + 168;
    public const int NextSlot = Board + 176;
    public const int NextInfo = Board + 184;

    /// <summary>The capability that a client calls whose call will be cancelled.</summary>
    public const int ClientSlot = Board + 192;

    /// <summary>Durations, four bytes each: to the handler, from its answer, and the whole.</summary>
    public const int ToHandler = Board + 0x1000;
    public const int FromAnswer = Board + 0x3000;
    public const int Whole = Board + 0x5000;
    public const int SampleBytes = 4;

    /// <summary>Message buffer of servers in the other address space.</summary>
    public const int ServerBuffer = Board + 0x10_0000;

    /// <summary>The pages a faulter touches begin at a multiple of this, and are no more than it holds.</summary>
    public const int FaultRegion = 0x100_0000;
}

/// <summary>What <c>MeasureStub</c> does between its two readings of the counter.</summary>
public enum MeasureKind : uint
{
    /// <summary>Keeps what a system call would have answered: the cost of the measurement itself.</summary>
    Empty = 0,

    /// <summary>A system call with its number alone, and so on up to all four words.</summary>
    Number = 1,
    Slot = 2,
    Info = 3,
    Word1 = 4,
    Word2 = 5,
    Word3 = 6,
    Word4 = 7,

    /// <summary>Nothing: what two readings cost where no system call lies between them.</summary>
    Plain = 8,

    /// <summary>Lets another CPU run, where the machine emulates one at a time.</summary>
    Pause = 9,

    /// <summary>Added to the kinds of system calls above: the same instructions, without the system call.</summary>
    Dry = 16,

    /// <summary>Signals the request's slot and waits for <see cref="MeasureLayout.PongSlot"/>.</summary>
    PingPong = 24,

    /// <summary>As Slot, and lets another CPU run.</summary>
    SlotPause = 25,

    /// <summary>As Word1, and lets another CPU run.</summary>
    Word1Pause = 26,

    /// <summary>What servers execute at user level for each message: one round of their loops without the system call.</summary>
    DryPingPong = 32,
    DryEcho = 33,
    DryEchoWords = 34,
    DryAnswer = 35,
    DryAnswerWords = 36,
    DryPager = 37,
    DryPartner = 38,
    DryTouch = 39,
    DryForward = 40,
}
