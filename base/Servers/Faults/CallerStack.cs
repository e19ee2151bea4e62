using System.Threading;
using Skerry.Base.Kernel;

namespace Skerry.Base.Servers.Faults;

/// <summary>
/// Records that any thread leaves, and of which one thread takes all at once. Neither waits for anybody: a thread whose
/// time ends in the midst of it keeps nobody.
/// </summary>
/// <remarks>
/// As nothing but the whole is ever taken, a record that comes back meanwhile cannot be mistaken for what it was before
/// (R. K. Treiber, Systems Programming: Coping with Parallelism, IBM RJ 5118, 1986).
/// </remarks>
public unsafe struct CallerStack
{
    /// <summary>Address of the record that came last.</summary>
    private ulong _top;

    public void Push(HeldCaller* caller)
    {
        ulong seen;
        do
        {
            seen = Volatile.Read(ref _top);
            caller->Next = (HeldCaller*)seen;
        } while (Interlocked.CompareExchange(ref _top, (ulong)caller, seen) != seen);
    }

    /// <summary>Takes all of them.</summary>
    /// <returns>The one that came last, the others behind it; null if there is none.</returns>
    public HeldCaller* TakeAll() => (HeldCaller*)Interlocked.Exchange(ref _top, 0);
}
