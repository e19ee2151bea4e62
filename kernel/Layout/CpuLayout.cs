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
    public const int Index = 36;
    public const int InitialMxcsr = 40;
    public const int FastMessages = 48;
    public const int Badge = 56;

    public const int Scratch = 64;
    public const int Vector = 72;
    public const int HasAvx = 80;
    public const int HasXsave = 81;
    public const int Charged = 88;
    public const int Ready = 96;
}
