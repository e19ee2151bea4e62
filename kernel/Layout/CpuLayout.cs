namespace Skerry.Kernel.Layout;

/// <summary>Offsets in a CPU's own block, which its GS base points to in the kernel. In bytes.</summary>
/// <remarks>The first line is all of the block that a Call or ReplyRecv touches.</remarks>
public static class CpuLayout
{
    public const int Current = 0;
    public const int KernelStack = 8;
    public const int Self = 16;
    public const int CurrentRoot = 24;
    public const int HighestReady = 32;
    public const int HasAvx = 33;
    public const int HasXsave = 34;
    public const int Index = 36;
    public const int InitialMxcsr = 40;
    public const int FastMessages = 48;
    public const int Badge = 56;

    public const int Scratch = 64;
    public const int Vector = 72;
    public const int ShortCalls = 80;
    public const int Charged = 88;
    public const int Ready = 96;

    // What the traced doors remember from the entry to the exit (kernel/Tracing/TraceState.cs).
    public const int Trace = 1728;
    public const int TraceStart = Trace;
    public const int TraceKind = Trace + 8;
    public const int TraceCode = Trace + 16;
    public const int TraceInfo = Trace + 24;
    public const int TraceObject = Trace + 32;
    public const int TraceThread = Trace + 40;
    public const int TraceCookie = Trace + 48;

    // What the mitigated doors need (Cpu.MitigationState).
    public const int Mitigations = Trace + 192;
    public const int KernelRootBits = Mitigations;
    public const int UserRootBits = Mitigations + 8;
    public const int LastUserRoot = Mitigations + 16;
    public const int EntryStack = Mitigations + 24;
    public const int NoFlush = Mitigations + 32;
    public const int HasPredictorBarrier = Mitigations + 33;
    public const int DataSelector = Mitigations + 34;
}
