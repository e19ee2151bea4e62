using System.Runtime.CompilerServices;
using Skerry.Kernel.Interrupts;

namespace Skerry.Kernel.Cluster;

/// <summary>Where the holder of the cluster lock asks, behind each step of long work, whether to stop there.</summary>
internal static unsafe class Preemption
{
    /// <summary>
    /// An interrupt waits here, or another CPU for the lock, or one has been handed much and is to serve it. The call is then
    /// made again: the interrupt is taken before, and who waits goes first. So it is if the timer has become stale, as the
    /// interrupt that it is to bring can't wait before it is set, on the way out.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool IsDue(Cpu* cpu) =>
        ClusterLock.IsWanted || Requests.MustWait(cpu) || cpu->TimerIsStale || LocalApic.HasPendingInterrupt();
}
