using System.Runtime.CompilerServices;
using System.Threading;

namespace Skerry.Base.Memory;

/// <summary>
/// Mutual exclusion between the threads of one server. The server's threads have one priority, so whoever finds the
/// lock taken gives up its time slice, and the holder goes on.
/// </summary>
public struct ExclusiveLock
{
    private int _taken;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Acquire()
    {
        if (Interlocked.Exchange(ref _taken, 1) != 0)
        {
            Wait();
        }
    }

    public void Release() => Volatile.Write(ref _taken, 0);

    [MethodImpl(MethodImplOptions.NoInlining)]
    private void Wait()
    {
        do
        {
            while (Volatile.Read(ref _taken) != 0)
            {
                ProcessorMemory.Wait();
            }
        } while (Interlocked.Exchange(ref _taken, 1) != 0);
    }
}
