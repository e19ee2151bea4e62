namespace Skerry.Kernel.Layout;

/// <summary>What lies on a kernel stack beside what the kernel pushes.</summary>
public static class StackLayout
{
    /// <summary>
    /// Bytes behind a stack's empty end, Cpu.KernelStack: a word that names the CPU's block, by which a debugger goes on from
    /// a door to the thread (build/stubs/Assembly/CallFrames.cs), and one that keeps the end aligned.
    /// </summary>
    public const int Head = 16;
}
