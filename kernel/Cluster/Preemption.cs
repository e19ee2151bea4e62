using System.Runtime.CompilerServices;
using Skerry.Kernel.Interrupts;

namespace Skerry.Kernel.Cluster;

/// <summary>Where the holder of the cluster lock asks, behind each step of long work, whether to stop there.</summary>
internal static class Preemption
{
    /// <summary>
    /// An interrupt waits here, or another CPU for the lock. The call is then made again: the interrupt is taken before, and
    /// who waits goes first.
    /// </summary>
    public static bool IsDue
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => ClusterLock.IsWanted || LocalApic.HasPendingInterrupt();
    }
}
