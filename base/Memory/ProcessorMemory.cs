using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics.X86;
using System.Threading;
using Skerry.Base.Kernel;

namespace Skerry.Base.Memory;

/// <summary>What locks use.</summary>
public readonly struct ProcessorMemory : ILockMemory
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int Read(ref int word) => Volatile.Read(ref word);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Write(ref int word, int value) => Volatile.Write(ref word, value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void WriteAndFence(ref int word, int value) => Interlocked.Exchange(ref word, value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int Draw(ref int word) => Interlocked.Increment(ref word) - 1;

    public static void Wait()
    {
        // The holder may be on another CPU, which runs the sooner for it: under a hypervisor, or where one thread
        // of the host plays all CPUs by turns.
        X86Base.Pause();
        Processor.Yield();
    }
}
