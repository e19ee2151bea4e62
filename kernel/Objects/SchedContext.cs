using System.Runtime.InteropServices;
using Skerry.Kernel.Capabilities;

namespace Skerry.Kernel.Objects;

/// <summary>
/// Time to run on. Belongs to the CPU of its holder. One that was not configured, or whose control went, has a budget of 0:
/// nobody runs on it.
/// </summary>
[StructLayout(LayoutKind.Sequential, Size = 128)]
internal unsafe struct SchedContext
{
    /// <summary>TSC ticks it may run in each period.</summary>
    public ulong Budget;

    /// <summary>TSC ticks from one refill to the next; 0: refilled at once, behind its equals.</summary>
    public ulong Period;

    /// <summary>TSC ticks left.</summary>
    public ulong Remaining;

    /// <summary>Time-stamp counter at which it is refilled, while it waits for that.</summary>
    public ulong RefillAt;

    /// <summary>TSC ticks that ever ran on it.</summary>
    public ulong Consumed;

    /// <summary>The thread that it was given to.</summary>
    public Thread* Owner;

    /// <summary>Link in its CPU's list of contexts that wait for their refill.</summary>
    public SchedContext* NextRefill;

    /// <summary>
    /// The thread that runs on it, its owner or whom it was lent along to; or null. It changes on that thread's CPU, but
    /// leaves that CPU only under the cluster lock.
    /// </summary>
    public Thread* Holder;

    /// <summary>
    /// The control that its time was drawn from, of the CPU that its owner belongs to; empty exactly while the budget is 0.
    /// Under the cluster lock.
    /// </summary>
    public Capability ControlBinding;

    public const int SizeBits = 7;
}
