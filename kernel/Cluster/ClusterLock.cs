using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics.X86;
using System.Threading;
using Skerry.Abi;
using Skerry.Kernel.Interrupts;

namespace Skerry.Kernel.Cluster;

/// <summary>
/// Protects what all CPUs of a cluster share: capability tables and the derivation tree, address spaces, untyped
/// memory. A cluster of one CPU does not have it. IPC between threads of one CPU does not take it.
/// </summary>
/// <remarks>
/// Who waits longest has it next. A CPU that has to wait gets a number, its claim, and keeps it until it has had the lock;
/// while it stands here the claim is told to all (Cpu.Shared), and nobody with a later one takes the lock. A CPU that leaves
/// to take an interrupt takes its claim back meanwhile, so nobody waits for it.
/// <code>
///   31                                    8 7           0
///  +---------------------------------------+-------------+
///  |       CPUs that wait, in here         |    taken    |
///  +---------------------------------------+-------------+
/// </code>
/// </remarks>
internal static unsafe partial class ClusterLock
{
    private const uint Taken = 1;
    private const uint TakenMask = 0xff;
    private const uint Waiter = 0x100;

    private static uint word;
    private static ulong lastClaim;

    /// <summary>Whether another CPU waits: long work gives way to it (<see cref="Preemption"/>).</summary>
    public static bool IsWanted
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => Volatile.Read(ref word) > TakenMask;
    }

    /// <summary>
    /// Who waits holds nothing, so it takes part in a rendezvous; the holder may be waiting for it. Either way the
    /// current thread may have been stopped, and be gone: compare cpu->Current.
    /// </summary>
    /// <returns>False, and the lock is not taken, if an interrupt came first.</returns>
    public static bool Acquire(Cpu* cpu)
    {
        if (ClusterCpus.IsSingle)
        {
            return true;
        }
        ReadPoint.Reached(ReadPlace.LockWanted);
        if (!TryTake())
        {
            return Wait(cpu);
        }
        cpu->LockClaim = 0;
        return true;
    }

    /// <summary>For the fastpaths, which wait for nobody, and stand back where somebody does.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool TryAcquire() => ClusterCpus.IsSingle || TryTake();

    // Neither taken nor wanted.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static bool TryTake() => Interlocked.CompareExchange(ref word, Taken, 0u) == 0;

    // Safety: the lowest byte of the word. The others change at any time, and each of those changes is atomic.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Release()
    {
        if (!ClusterCpus.IsSingle)
        {
            Volatile.Write(ref Unsafe.As<uint, byte>(ref word), 0);
        }
    }

    /// <summary>
    /// Whoever comes here holds it. The kernel has no code for it; on the host each test of the kernel holds it to that.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void MustBeHeld() => OnMustBeHeld();

    static partial void OnMustBeHeld();

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static bool Wait(Cpu* cpu)
    {
        cpu->Count(CpuCounter.LockWaits);
        if (cpu->LockClaim == 0)
        {
            cpu->LockClaim = Interlocked.Add(ref lastClaim, 1ul);
        }
        Volatile.Write(ref cpu->Shared.LockClaim, cpu->LockClaim);
        Interlocked.Add(ref word, Waiter);
        bool isTaken = TakeInTurn(cpu);
        Volatile.Write(ref cpu->Shared.LockClaim, 0ul);
        Interlocked.Add(ref word, unchecked(0u - Waiter));
        if (isTaken)
        {
            cpu->LockClaim = 0;
        }
        return isTaken;
    }

    private static bool TakeInTurn(Cpu* cpu)
    {
        while (true)
        {
            uint seen = Volatile.Read(ref word);
            bool isFree = (seen & TakenMask) == 0 && IsFirst(cpu);
            if (isFree && Interlocked.CompareExchange(ref word, seen | Taken, seen) == seen)
            {
                return true;
            }
            Rendezvous.TakePart(cpu);
            if (LocalApic.HasPendingFromOutside())
            {
                return false;
            }
            X86Base.Pause();
        }
    }

    private static bool IsFirst(Cpu* cpu)
    {
        for (uint i = 0; i < ClusterCpus.Count; i++)
        {
            // 0, which is no claim, is the last of all.
            if (Volatile.Read(ref ClusterCpus.At(i)->Shared.LockClaim) - 1 < cpu->LockClaim - 1)
            {
                return false;
            }
        }
        return true;
    }
}
