using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Skerry.Kernel.Layout;
using Skerry.Kernel.Objects;

namespace Skerry.Kernel.Scheduling;

/// <summary>
/// The threads of one CPU that could run, by priority; the thread that runs is not among them. Only that CPU's. The
/// CPU's HighestReady follows every change.
/// </summary>
/// <remarks>
/// A word of bits says at which priorities somebody stands in a list; behind it lie 64 pairs of pointers, first and last
/// thread of each. The first of all threads, of the highest priority, may stand in the CPU's Foremost instead: who becomes
/// ready and is better than all others is put there, and taken from there when he runs, which touches no list
/// (docs/decisions/0081).
/// </remarks>
[StructLayout(LayoutKind.Sequential)]
internal unsafe struct ReadyQueues
{
    public const int Priorities = 64;

    private const int BytesOfQueue = 2 * sizeof(ulong);

    private ulong _occupied;
    private QueueList _queues;

    /// <summary>Priority plus one of the best thread that stands in a list; 0 if there is none.</summary>
    public readonly uint Highest => _occupied == 0 ? 0 : (uint)BitOperations.Log2(_occupied) + 1;

    /// <summary>Whether a thread of this CPU is among those that could run.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool Has(Cpu* cpu, Thread* thread) =>
        thread == cpu->Foremost || (thread->Flags & ThreadFlags.Queued) != 0;

    /// <summary>A thread that stands in no queue, so that its links are null.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Append(Cpu* cpu, Thread* thread) => Append(cpu, thread, thread->Rank);

    /// <summary>The same where its rank has been read.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Append(Cpu* cpu, Thread* thread, uint rank)
    {
        if (rank > cpu->HighestReady)
        {
            BecomeForemost(cpu, thread, rank);
            return;
        }
        Queue* queue = QueueOf(cpu, rank);
        thread->Flags = thread->Flags | ThreadFlags.Queued;
        if (queue->Head != null)
        {
            Thread* tail = queue->Tail;
            thread->Previous = tail;
            tail->Next = thread;
            queue->Tail = thread;
            return;
        }
        queue->Head = thread;
        queue->Tail = thread;
        Occupy(cpu, thread);
    }

    /// <summary>The same, if it is better than all others and no list is concerned; else nothing has changed.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool AppendBest(Cpu* cpu, Thread* thread)
    {
        uint rank = thread->Rank;
        if (rank <= cpu->HighestReady || cpu->Foremost != null)
        {
            return false;
        }
        cpu->Foremost = thread;
        cpu->HighestReady = rank;
        return true;
    }

    /// <summary>As Append, before all others of its priority.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Prepend(Cpu* cpu, Thread* thread)
    {
        if (thread->Rank >= cpu->HighestReady)
        {
            BecomeForemost(cpu, thread, thread->Rank);
            return;
        }
        PrependToList(cpu, thread);
    }

    public static void Remove(Cpu* cpu, Thread* thread)
    {
        if (thread == cpu->Foremost)
        {
            RemoveForemost(cpu);
            return;
        }
        Queue* queue = QueueOf(cpu, thread->Rank);
        Thread* previous = thread->Previous;
        Thread* next = thread->Next;
        thread->Flags = thread->Flags & ~ThreadFlags.Queued;
        thread->Next = null;
        thread->Previous = null;
        if (previous == null)
        {
            queue->Head = next;
        }
        else
        {
            previous->Next = next;
        }
        if (next == null)
        {
            queue->Tail = previous;
        }
        else
        {
            next->Previous = previous;
        }
        if (queue->Head == null)
        {
            Vacate(cpu, thread);
            if (cpu->Foremost == null)
            {
                cpu->HighestReady = cpu->HighestListed;
            }
        }
    }

    /// <summary>Takes the first thread of the highest priority, or null.</summary>
    public static Thread* TakeHighest(Cpu* cpu)
    {
        Thread* first = cpu->Foremost;
        if (first == null)
        {
            if (cpu->HighestReady == 0)
            {
                return null;
            }
            first = LeaveList(cpu);
        }
        RemoveForemost(cpu);
        return first;
    }

    /// <summary>Where there is one.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void RemoveForemost(Cpu* cpu)
    {
        cpu->Foremost = null;
        cpu->HighestReady = cpu->HighestListed;
    }

    /// <summary>A thread that comes before all others.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void BecomeForemost(Cpu* cpu, Thread* thread, uint rank)
    {
        if (cpu->Foremost != null)
        {
            PrependToList(cpu, cpu->Foremost);
        }
        cpu->Foremost = thread;
        cpu->HighestReady = rank;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void PrependToList(Cpu* cpu, Thread* thread)
    {
        Queue* queue = QueueOf(cpu, thread->Rank);
        Thread* head = queue->Head;
        thread->Flags = thread->Flags | ThreadFlags.Queued;
        thread->Next = head;
        queue->Head = thread;
        if (head != null)
        {
            head->Previous = thread;
            return;
        }
        queue->Tail = thread;
        Occupy(cpu, thread);
    }

    /// <summary>The first of the best list, which there is and before which nobody stands, becomes the foremost.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Thread* LeaveList(Cpu* cpu)
    {
        Queue* queue = QueueOf(cpu, cpu->HighestReady);
        Thread* first = queue->Head;
        Thread* next = first->Next;
        first->Flags = first->Flags & ~ThreadFlags.Queued;
        cpu->Foremost = first;
        queue->Head = next;
        if (next != null)
        {
            first->Next = null;
            next->Previous = null;
            return first;
        }
        Vacate(cpu, first);
        return first;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Occupy(Cpu* cpu, Thread* thread)
    {
        cpu->Ready._occupied = cpu->Ready._occupied | thread->PriorityBit;
        if (thread->Rank > cpu->HighestListed)
        {
            cpu->HighestListed = thread->Rank;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Vacate(Cpu* cpu, Thread* thread)
    {
        ulong occupied = cpu->Ready._occupied ^ thread->PriorityBit;
        cpu->Ready._occupied = occupied;
        if (occupied == 0)
        {
            cpu->HighestListed = 0;
            return;
        }
        cpu->HighestListed = (uint)BitOperations.Log2(occupied) + 1;
    }

    // Safety: a rank is 1 to 64, as SetScheduling checks, and a CPU's block does not move.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Queue* QueueOf(Cpu* cpu, uint rank) =>
        (Queue*)((byte*)cpu + (CpuLayout.Ready + sizeof(ulong) - BytesOfQueue)) + rank;

    /// <summary>The threads of one priority, the first and the last, which means nothing where there is no first.</summary>
    private struct Queue
    {
        public Thread* Head;
        public Thread* Tail;
    }

    [InlineArray(Priorities)]
    private struct QueueList
    {
        private Queue _queue;
    }
}
