using System;

namespace Skerry.Kernel.Cluster;

/// <summary>Whatever is documented as done under the lock is done under it, in each test.</summary>
internal static unsafe partial class ClusterLock
{
    static partial void OnMustBeHeld()
    {
        if (!ClusterCpus.IsSingle && (word & TakenMask) != Taken)
        {
            throw new InvalidOperationException("the cluster lock is not held");
        }
    }

    /// <summary>For what a test does itself in the kernel's place.</summary>
    public static void Hold(Action work)
    {
        bool isFree = TryAcquire();
        work();
        if (isFree)
        {
            Release();
        }
    }
}
