using System;
using System.Diagnostics;
using System.Runtime.InteropServices;
using System.Threading;
using Skerry.Abi;

namespace Skerry.Base.Kernel;

/// <summary>
/// The host's class in place of base/Kernel/Machine/SystemCalls.cs: system calls go to the running thread's
/// <see cref="Double"/>; each thread has its page in native memory.
/// </summary>
public static unsafe class SystemCalls
{
    [ThreadStatic]
    private static byte* threadPage;

    /// <summary>Per host thread; without one every call but Yield answers InvalidCapability.</summary>
    [field: ThreadStatic]
    public static IKernelDouble? Double { get; set; }

    /// <summary>Per host thread: ends one that yields for ever, since what it waits for is broken on purpose.</summary>
    [field: ThreadStatic]
    public static CancellationToken Stop { get; set; }

    /// <summary>Per host thread: called when it yields, which it does where it waits.</summary>
    [field: ThreadStatic]
    public static Action? Waiting { get; set; }

    public static byte* ThreadPage
    {
        get =>
            threadPage != null ? threadPage : threadPage = (byte*)NativeMemory.AllocZeroed((nuint)UserLayout.PageSize);
        set => threadPage = value;
    }

    public static ref MessageBuffer MessageBuffer => ref *(MessageBuffer*)ThreadPage;

    public static ulong ThreadStartAddress => UserLayout.ImageBase;

    public static Status Trap(ref SystemCallFrame frame)
    {
        if ((SystemCall)frame.Number == SystemCall.Yield)
        {
            Stop.ThrowIfCancellationRequested();
            Waiting?.Invoke();
            Thread.Yield();
            return Status.Ok;
        }
        return Double?.Trap(ref frame) ?? Status.InvalidCapability;
    }

    public static Status Trap(ref SystemCallFrame sent, ref SystemCallFrame received)
    {
        received = sent;
        return Trap(ref received);
    }

    public static ulong ReadTimeStampCounter() => (ulong)Stopwatch.GetTimestamp();
}
