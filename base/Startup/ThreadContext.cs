using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Skerry.Base.Heap;
using Skerry.Base.Kernel;

namespace Skerry.Base.Startup;

/// <summary>
/// What a thread keeps for itself, in the page of its message buffer behind what the kernel uses. Only the thread itself
/// touches it once it runs.
/// </summary>
[StructLayout(LayoutKind.Sequential)]
public unsafe struct ThreadContext
{
    /// <summary>Where it begins in the page: behind <see cref="Skerry.Abi.MessageBuffer"/>.</summary>
    public const int Offset = 1024;

    /// <summary>The code that the thread runs: void Run(ulong argument).</summary>
    public delegate* <ulong, void> Body;
    public ulong Argument;

    /// <summary>The thread, as its CPU session knows it; the null slot if its creator has not said.</summary>
    public CapabilitySlot Control;

    /// <summary>Which slot of the stack area the thread lives in; 0 is the main thread's.</summary>
    public uint StackSlot;

    /// <summary>Set by the thread when its body has returned.</summary>
    public uint Finished;

    /// <summary>Where <c>new</c> takes objects from.</summary>
    public Arena Arena;

    /// <summary>The running thread's.</summary>
    public static ref ThreadContext Current => ref Unsafe.AsRef<ThreadContext>(SystemCalls.ThreadPage + Offset);

    /// <summary>That of the thread whose message buffer lies at an address.</summary>
    public static ThreadContext* At(ulong threadPage) => (ThreadContext*)(threadPage + Offset);
}
