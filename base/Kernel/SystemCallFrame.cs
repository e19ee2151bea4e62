using System.Runtime.InteropServices;
using Skerry.Abi;

namespace Skerry.Base.Kernel;

/// <summary>The registers of a system call (see <see cref="SystemCall"/>), as SystemCallStub loads and stores them.</summary>
[StructLayout(LayoutKind.Sequential)]
public struct SystemCallFrame
{
    /// <summary>In: the <see cref="SystemCall"/>. Out: the <see cref="Status"/>.</summary>
    public ulong Rax;
    public ulong Rdi;
    public ulong Rsi;
    public ulong Rdx;
    public ulong R8;
    public ulong R9;
    public ulong R10;
}
