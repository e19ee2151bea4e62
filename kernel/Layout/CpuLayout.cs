namespace Skerry.Kernel.Layout;

/// <summary>Offsets in a CPU's own block, which its GS base points to in the kernel. In bytes.</summary>
/// <remarks>Each names the line of 64 bytes that it lies in; a test holds it to that.</remarks>
public static class CpuLayout
{
    /// <summary>All of the block that a Call or ReplyRecv touches.</summary>
    private const int CallLine = 0;

    /// <summary>
    /// From the block to what a fastpath answers that declines (Ipc/DirectSwitch): where a thread has its root, lies the one that
    /// is loaded. A bit that is set in no address of a block or a thread.
    /// </summary>
    public const int Declined = CurrentRoot - ThreadLayout.Root;

    public const int Current = CallLine + 0;
    public const int KernelStack = CallLine + 8;
    public const int Self = CallLine + 16;
    public const int CurrentRoot = CallLine + 24;
    public const int HighestReady = CallLine + 32;
    public const int Index = CallLine + 36;
    public const int InitialMxcsr = CallLine + 40;
    public const int HighestListed = CallLine + 44;
    public const int FastMessages = CallLine + 48;
    public const int Badge = CallLine + 56;

    /// <summary>What the other doors keep, and the head of the ready queues, which go on for many lines.</summary>
    private const int DoorLine = 64;
    public const int Scratch = DoorLine + 0;
    public const int Vector = DoorLine + 8;
    public const int ShortCalls = DoorLine + 16;
    public const int Charged = DoorLine + 24;
    public const int Ready = DoorLine + 32;

    /// <summary>Whose time runs, and until when.</summary>
    private const int TimeLine = 1152;
    public const int Refills = TimeLine + 0;
    public const int ChargedSince = TimeLine + 8;
    public const int LastTick = TimeLine + 16;
    public const int ApicId = TimeLine + 24;
    public const int CallNotBegun = TimeLine + 28;
    public const int TimerIsStale = TimeLine + 29;
    public const int HasAvx = TimeLine + 30;
    public const int HasXsave = TimeLine + 31;
    public const int FastSignals = TimeLine + 32;
    public const int LockClaim = TimeLine + 40;
    public const int Foremost = TimeLine + 56;

    /// <summary>What is bound to the CPU, and what others of the cluster have made of it.</summary>
    private const int BindingLine = 1280;
    public const int DoorbellBinding = BindingLine + 0;
    public const int Irqs = BindingLine + 32;
    public const int Parked = BindingLine + 40;
    public const int LastIrqVector = BindingLine + 41;
    public const int HasX2Apic = BindingLine + 42;
    public const int TimesHeld = BindingLine + 44;
    public const int DebugOwner = BindingLine + 48;
    public const int Direct = BindingLine + 56;

    /// <summary>
    /// What other CPUs of the cluster write (Cpu.SharedState): what they hand over on one line, what a rendezvous asks
    /// on another.
    /// </summary>
    public const int Shared = 1344;
    private const int HandoverLine = Shared;
    public const int RequestHead = HandoverLine + 0;
    public const int SignalHead = HandoverLine + 8;
    public const int RequestCount = HandoverLine + 16;
    public const int SignalCount = HandoverLine + 20;

    private const int RendezvousRequestLine = Shared + 64;
    public const int RendezvousRequest = RendezvousRequestLine + 0;

    /// <summary>Which this CPU writes and others read.</summary>
    private const int ToldLine = Shared + 128;
    public const int RendezvousReached = ToldLine + 0;
    public const int LockClaimTold = ToldLine + 8;

    public const int Counters = 1536;

    // What the traced doors remember from the entry to the exit (kernel/Tracing/TraceState.cs).
    public const int Trace = 1728;
    public const int TraceStart = Trace;
    public const int TraceKind = Trace + 8;
    public const int TraceCode = Trace + 16;
    public const int TraceInfo = Trace + 24;
    public const int TraceObject = Trace + 32;
    public const int TraceThread = Trace + 40;
    public const int TraceCookie = Trace + 48;
    public const int TraceWriter = Trace + 56;
    public const int TraceWantedRing = Trace + 88;
    public const int TraceWantedPages = Trace + 96;
    public const int TraceBinding = Trace + 128;

    // What the mitigated doors need (Cpu.MitigationState).
    public const int Mitigations = Trace + 192;
    public const int KernelRoot = Mitigations;
    public const int UserRootBits = Mitigations + 8;
    public const int LastUserRoot = Mitigations + 16;
    public const int EntryStack = Mitigations + 24;
    public const int NoFlush = Mitigations + 32;
    public const int HasPredictorBarrier = Mitigations + 33;
    public const int DataSelector = Mitigations + 34;
    public const int BarrierWork = Mitigations + 36;

    private const int NoReplyLine = Mitigations + 64;
    public const int NoReply = NoReplyLine + 0;

    /// <summary>Of one of its threads (Cpu.Revoke).</summary>
    private const int RevokeLine = NoReplyLine + 64;
    public const int Revoke = RevokeLine + 0;
}
