using System.Runtime.CompilerServices;
using Skerry.Abi;
using Skerry.Kernel.Objects;

namespace Skerry.Kernel.Scheduling;

/// <summary>
/// Of the thread that runs in user mode three things are not written down, because they follow: it is the CPU's current
/// one, so its state is Running, and the context that the CPU charges is the one it runs on, which in turn is held by it.
/// So a call by the fastpath passes the context on without touching it. Every other way into the kernel writes them down
/// first, and every such way out takes the context back; in between all is as it says.
/// </summary>
internal static unsafe class RunningThread
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Thread* WriteDown(Cpu* cpu)
    {
        Thread* thread = cpu->Current;
        SchedContext* context = cpu->Charged;
        thread->State = ThreadState.Running;
        thread->SchedContext = context;
        context->Holder = thread;
        return thread;
    }

    /// <summary>The thread goes to user mode, on the context that is charged.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void TakeBack(Thread* thread) => thread->SchedContext = null;
}
