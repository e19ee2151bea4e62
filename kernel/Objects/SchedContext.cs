using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Skerry.Kernel.Capabilities;

namespace Skerry.Kernel.Objects;

/// <summary>
/// Time to run on. Belongs to the CPU of its holder; without one, to the holder of the cluster lock. One that was not
/// configured, or whose control went, has a budget of 0: nobody runs on it.
/// </summary>
/// <remarks>
/// <code>
///   line 0    0  budget  8  period  16  remaining  24  consumed  32  owner  40  holder  48  ended at  56  overrun
///   line 1   64  refill at  72  left  80  right  88  place  96  binding of its control
///
///   63                            7  6  5       0
///  +-------------------------------+---+---------+
///  |  parent in the refill queue   | W |  rank   |   place
///  +-------------------------------+---+---------+
/// </code>
/// W: what was used beyond the budget is paid for by waiting, and it comes back whole. The first 48 bytes are all that a
/// switch touches.
/// </remarks>
[StructLayout(LayoutKind.Explicit, Size = 128)]
internal unsafe struct SchedContext
{
    private const ulong RankMask = 63;
    private const ulong WholeMark = 64;
    private const ulong PlaceMarks = RankMask | WholeMark;

    /// <summary>TSC ticks it may run in each period; 0: it has no time.</summary>
    [FieldOffset(0)]
    public ulong Budget;

    /// <summary>TSC ticks, at least the budget; 0: refilled at once, behind its equals.</summary>
    [FieldOffset(8)]
    public ulong Period;

    /// <summary>TSC ticks left; 0: the budget has ended and is waited for.</summary>
    [FieldOffset(16)]
    public ulong Remaining;

    /// <summary>TSC ticks that ever ran on it, but for the slice that runs.</summary>
    [FieldOffset(24)]
    public ulong Consumed;

    /// <summary>The thread that it was given to, or null.</summary>
    [FieldOffset(32)]
    public Thread* Owner;

    /// <summary>
    /// The thread that runs on it, its owner or whom it was lent along to; or null. It changes on that thread's CPU, but
    /// leaves that CPU only under the cluster lock.
    /// </summary>
    [FieldOffset(40)]
    public Thread* Holder;

    // Of a budget that has ended (Scheduling/Budgets), whether it stands in a queue or not.

    /// <summary>Time-stamp counter at which it ended.</summary>
    [FieldOffset(48)]
    public ulong EndedAt;

    /// <summary>TSC ticks that were used beyond it.</summary>
    [FieldOffset(56)]
    public ulong Overrun;

    /// <summary>Time-stamp counter at which it comes back.</summary>
    [FieldOffset(64)]
    public ulong RefillAt;

    // Its place among those of its CPU that wait for their refill (Scheduling/RefillQueue).

    [FieldOffset(72)]
    public SchedContext* Left;

    [FieldOffset(80)]
    public SchedContext* Right;

    [FieldOffset(88)]
    private ulong _place;

    /// <summary>
    /// The control that its time was drawn from, of the CPU that its owner belongs to; empty exactly while the budget is 0.
    /// Under the cluster lock.
    /// </summary>
    [FieldOffset(96)]
    public Capability ControlBinding;

    public const int SizeBits = 7;

    public SchedContext* Parent
    {
        readonly get => (SchedContext*)(_place & ~PlaceMarks);
        set => _place = (ulong)value | (_place & PlaceMarks);
    }

    /// <summary>Contexts on the shortest way down from here to a free place; 0: it stands in no queue.</summary>
    public uint Rank
    {
        readonly get => (uint)(_place & RankMask);
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        set => _place = (_place & ~RankMask) | value;
    }

    /// <summary>Nothing is taken off the budget that comes back.</summary>
    public bool ComesBackWhole
    {
        readonly get => (_place & WholeMark) != 0;
        set => _place = value ? _place | WholeMark : _place & ~WholeMark;
    }
}
