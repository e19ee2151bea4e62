using System.Runtime.Intrinsics.X86;
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
                // The holder may be on another CPU, which runs the sooner for it: under a hypervisor, or where one thread
                // of the host plays all CPUs by turns.
                X86Base.Pause();
                Processor.Yield();
            }
        }
    }

    public void Release() => Volatile.Write(ref _taken, 0);
}
