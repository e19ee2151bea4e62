using System.Runtime;
using System.Runtime.CompilerServices;
using Skerry.Abi;
using Skerry.Base.Layout;

namespace Skerry.Base.Kernel;

/// <summary>
/// The one door to the kernel. Everything above it also compiles for the host, where tests put a class of the same
/// name in its place.
/// </summary>
public static unsafe class SystemCalls
{
    /// <summary>The first page of the running thread's stack slot: its message buffer, and behind it its context.</summary>
    // Safety: every thread of a component runs on a stack in the stack area, whose slots are aligned to their size.
    public static byte* ThreadPage => (byte*)(StackPointer() & ~(UserLayout.StackSlotSize - 1));

    /// <summary>The message buffer of the running thread.</summary>
    public static ref MessageBuffer MessageBuffer => ref *(MessageBuffer*)ThreadPage;

    /// <summary>Where the kernel starts threads: the stub that calls ThreadMain.</summary>
    public static ulong ThreadStartAddress => (ulong)(delegate* <void>)&ThreadStart;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Status Trap(ref SystemCallFrame frame) => Trap(ref frame, ref frame);

    /// <summary>As the other, with what comes back beside what was sent.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Status Trap(ref SystemCallFrame sent, ref SystemCallFrame received)
    {
        // Safety: frames lie on stacks and in servers' records, which do not move.
        SystemCallStub((SystemCallFrame*)Unsafe.AsPointer(ref sent), (SystemCallFrame*)Unsafe.AsPointer(ref received));
        return (Status)received.Number;
    }

    /// <summary>The time-stamp counter, behind all earlier loads.</summary>
    [MethodImpl(MethodImplOptions.InternalCall)]
    [RuntimeImport("*", ComponentEntryPoints.ReadTimeStampCounter)]
    public static extern ulong ReadTimeStampCounter();

    [MethodImpl(MethodImplOptions.InternalCall)]
    [RuntimeImport("*", ComponentEntryPoints.StackPointer)]
    public static extern ulong StackPointer();

    [MethodImpl(MethodImplOptions.InternalCall)]
    [RuntimeImport("*", ComponentEntryPoints.SystemCallStub)]
    private static extern void SystemCallStub(SystemCallFrame* sent, SystemCallFrame* received);

    [MethodImpl(MethodImplOptions.InternalCall)]
    [RuntimeImport("*", ComponentEntryPoints.ThreadStart)]
    private static extern void ThreadStart();
}
