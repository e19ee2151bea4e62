using System.Runtime.CompilerServices;
using System.Threading;
using Skerry.Base.Kernel;

namespace Skerry.Apps.KernelFuzz;

/// <summary>One worker: what its calls are drawn from, and how far it is. It goes on from here when it is started again.</summary>
internal struct WorkerRecord
{
    public ulong State;
    public ulong Calls;

    /// <summary>Its supervisor's: calls at the last look, and how many looks ago that changed.</summary>
    public ulong CallsSeen;
    public ulong Looks;

    /// <summary>Calls of all workers when that changed.</summary>
    public ulong AllCallsThen;

    /// <summary>Its waker's: calls when it was last helped.</summary>
    public ulong CallsHelped;
}

/// <summary>Memory that all workers and supervisors share; it lies at the same address in each address space.</summary>
internal unsafe struct Board
{
    public const int MaximumWorkers = 128;
    public const int MaximumShapes = 128;

    /// <summary>Calls between two checks of the kernel's objects.</summary>
    public const ulong CheckInterval = 1000;

    public ulong Calls;

    /// <summary>Calls at the last check. Workers wait when they are an interval ahead.</summary>
    public ulong CheckedAt;

    /// <summary>Calls at which the era is over.</summary>
    public ulong EraEnd;

    /// <summary>Calls with a slot outside the table that yielded an object; there must be none.</summary>
    public ulong UnknownSelectorsThatWorked;
    public ulong Stalled;

    /// <summary>Times that x87 or vector registers did not keep their value; there must be none.</summary>
    public ulong StateLost;
    public ulong Resumed;
    public ulong Restarted;
    public ulong FaultsMapped;
    public RecordList Records;
    public CountList Attempts;
    public CountList Successes;
    public SceneCounts Scenes;

    // Safety: every address space that runs this program has the board's frame there, readable and writable.
    public static ref Board Shared => ref *(Board*)Layout.Board;

    /// <summary>Whether the next call has to wait for a check.</summary>
    public static bool IsAhead =>
        Volatile.Read(ref Shared.Calls) - Volatile.Read(ref Shared.CheckedAt) >= CheckInterval;

    public static bool IsAtEnd => Volatile.Read(ref Shared.Calls) >= Volatile.Read(ref Shared.EraEnd);

    public static void Count(ref ulong counter) => Interlocked.Add(ref counter, 1ul);

    /// <summary>Counts a call, once the last check is near enough: who finds it too far away rings for one.</summary>
    public static void Admit(ref WorkerRecord record, uint bell)
    {
        while (IsAhead || IsAtEnd)
        {
            new NotificationCapability(new CapabilitySlot(bell)).Signal();
            Processor.Yield();
        }
        record.Calls++;
        Count(ref Shared.Calls);
    }

    [InlineArray(MaximumWorkers)]
    internal struct RecordList
    {
        private WorkerRecord _record;
    }

    [InlineArray(MaximumShapes)]
    internal struct CountList
    {
        private ulong _count;
    }
}
