using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics.X86;
using System.Threading;

namespace Skerry.Base.Kernel;

/// <summary>
/// A lock between threads of one component, for sections of a few dozen instructions. It spins, then yields.
/// </summary>
/// <remarks>
/// Yield lets only threads of the same priority run. A thread must therefore not wait on a lock whose holder has a
/// lower priority and runs on the same CPU: it would wait until its budget ends. Components whose threads differ in
/// priority share what they must through a server thread instead. Nor is a holder to be destroyed: the lock would stay
/// taken.
/// </remarks>
public struct UserLock
{
    private const int SpinsBeforeYield = 64;

    /// <summary>1 while somebody holds it.</summary>
    private int _held;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Acquire()
    {
        if (!TryAcquire())
        {
            Wait();
        }
    }

    /// <summary>Takes the lock if nobody holds it.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool TryAcquire() => Interlocked.CompareExchange(ref _held, 1, 0) == 0;

    public void Release() => Volatile.Write(ref _held, 0);

    [MethodImpl(MethodImplOptions.NoInlining)]
    private void Wait()
    {
        int spins = 0;
        do
        {
            while (Volatile.Read(ref _held) != 0)
            {
                X86Base.Pause();
                if (++spins % SpinsBeforeYield == 0)
                {
                    Processor.Yield();
                }
            }
        } while (!TryAcquire());
    }
}
