using System.Runtime.InteropServices;

namespace Skerry.Kernel.Panic;

/// <summary>What the trap stubs push for a fault of the kernel, above what the processor pushed.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct KernelFrame
{
    public ulong R15;
    public ulong R14;
    public ulong R13;
    public ulong R12;
    public ulong R11;
    public ulong R10;
    public ulong R9;
    public ulong R8;
    public ulong Rdi;
    public ulong Rsi;
    public ulong Rbp;
    public ulong Rbx;
    public ulong Rdx;
    public ulong Rcx;
    public ulong Rax;
    public ulong Vector;
    public ulong Error;
    public ulong Rip;
    public ulong CodeSegment;
    public ulong Rflags;
    public ulong Rsp;
    public ulong StackSegment;
}
