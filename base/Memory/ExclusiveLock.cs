using System.Threading;
using Skerry.Base.Kernel;

namespace Skerry.Base.Memory;

/// <summary>
/// Mutual exclusion between the threads of one server. The server's threads have one priority, so whoever finds the
/// lock taken gives up its time slice, and the holder goes on.
/// </summary>
public struct ExclusiveLock
{
    private int _taken;

    public void Acquire()
    {
        while (Interlocked.Exchange(ref _taken, 1) != 0)
        {
            while (Volatile.Read(ref _taken) != 0)
            {
                Processor.Yield();
            }
        }
    }

    public void Release() => Volatile.Write(ref _taken, 0);
}
