using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics.X86;
using System.Threading;
using Skerry.Abi;

namespace Skerry.Kernel.Cluster;

/// <summary>
/// Protects what all CPUs of a cluster share: capability tables and the derivation tree, address spaces, untyped
/// memory. A cluster of one CPU does not have it. IPC between threads of one CPU does not take it.
/// </summary>
internal static unsafe class ClusterLock
{
    private static uint taken;

    /// <summary>
    /// A CPU that waits here holds nothing, so it takes part in a rendezvous; the holder may be waiting for it. Its
    /// current thread may have been stopped, and be gone, by then: compare cpu->Current.
    /// </summary>
    public static void Acquire(Cpu* cpu)
    {
        if (ClusterCpus.IsSingle)
        {
            return;
        }
        ReadPoint.Reached(ReadPlace.LockWanted);
        if (Interlocked.Exchange(ref taken, 1u) == 0)
        {
            return;
        }
        cpu->Count(CpuCounter.LockWaits);
        do
        {
            while (Volatile.Read(ref taken) != 0)
            {
                Rendezvous.TakePart(cpu);
                X86Base.Pause();
            }
        } while (Interlocked.Exchange(ref taken, 1u) != 0);
    }

    /// <summary>For the fastpath, which waits for nobody.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool TryAcquire() => ClusterCpus.IsSingle || Interlocked.Exchange(ref taken, 1u) == 0;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Release()
    {
        if (!ClusterCpus.IsSingle)
        {
            Volatile.Write(ref taken, 0u);
        }
    }
}
