namespace Skerry.Kernel.Layout;

/// <summary>Offsets in a CPU's own block, which its GS base points to in the kernel. In bytes.</summary>
public static class CpuLayout
{
    public const int Current = 0;
    public const int UserStack = 8;
    public const int KernelStack = 16;
    public const int Self = 24;
    public const int HighestReady = 32;
    public const int Index = 36;
    public const int CurrentRoot = 40;
    public const int HasAvx = 48;
    public const int HasXsave = 49;
    public const int Scratch = 56;
}
