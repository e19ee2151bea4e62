using System.Runtime.InteropServices;

namespace Skerry.Kernel.Objects;

/// <summary>Time to run on. Belongs to the CPU of the thread that runs on it.</summary>
[StructLayout(LayoutKind.Sequential, Size = 64)]
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

    /// <summary>The thread that it was given to. Who runs on it now is found along its calls (Lending).</summary>
    public Thread* Owner;

    /// <summary>Link in its CPU's list of contexts that wait for their refill.</summary>
    public SchedContext* NextRefill;

    public const int SizeBits = 6;
}
