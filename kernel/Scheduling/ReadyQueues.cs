using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Skerry.Kernel.Objects;

namespace Skerry.Kernel.Scheduling;

/// <summary>
/// The threads of one CPU that could run, by priority; the thread that runs is not among them. Only that CPU's. The
/// CPU's HighestReady follows every change.
/// </summary>
/// <remarks>
/// A word of bits says at which priorities somebody is ready; behind it lie 64 pairs of pointers, first and last thread
/// of each.
/// </remarks>
[StructLayout(LayoutKind.Sequential)]
internal unsafe struct ReadyQueues
{
    public const int Priorities = 64;

    private ulong _occupied;
    private QueueList _queues;

    /// <summary>Priority of the best thread plus one; 0 if there is none.</summary>
    public readonly byte Highest => _occupied == 0 ? (byte)0 : (byte)(BitOperations.Log2(_occupied) + 1);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Append(Cpu* cpu, Thread* thread)
    {
        Queue* queue = QueueOf(cpu, thread->Rank);
        Thread* tail = queue->Tail;
        thread->Flags |= ThreadFlags.Queued;
        thread->Previous = tail;
        thread->Next = null;
        queue->Tail = thread;
        if (tail != null)
        {
            tail->Next = thread;
            return;
        }
        queue->Head = thread;
        Occupy(cpu, thread->Rank);
    }

    public static void Prepend(Cpu* cpu, Thread* thread)
    {
        Queue* queue = QueueOf(cpu, thread->Rank);
        Thread* head = queue->Head;
        thread->Flags |= ThreadFlags.Queued;
        thread->Previous = null;
        thread->Next = head;
        queue->Head = thread;
        if (head != null)
        {
            head->Previous = thread;
            return;
        }
        queue->Tail = thread;
        Occupy(cpu, thread->Rank);
    }

    public static void Remove(Cpu* cpu, Thread* thread)
    {
        Queue* queue = QueueOf(cpu, thread->Rank);
        Thread* previous = thread->Previous;
        Thread* next = thread->Next;
        thread->Flags &= ~ThreadFlags.Queued;
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
            Vacate(cpu, thread->Rank);
        }
    }

    /// <summary>Takes the first thread of the highest priority, or null.</summary>
    public static Thread* TakeHighest(Cpu* cpu)
    {
        uint rank = cpu->HighestReady;
        if (rank == 0)
        {
            return null;
        }
        Thread* thread = First(cpu, rank);
        RemoveFirst(cpu, rank, thread);
        return thread;
    }

    /// <summary>Of the threads with this rank, of which there are some.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Thread* First(Cpu* cpu, uint rank) => QueueOf(cpu, rank)->Head;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void RemoveFirst(Cpu* cpu, uint rank, Thread* first)
    {
        Queue* queue = QueueOf(cpu, rank);
        Thread* next = first->Next;
        first->Flags &= ~ThreadFlags.Queued;
        queue->Head = next;
        if (next != null)
        {
            first->Next = null;
            next->Previous = null;
            return;
        }
        queue->Tail = null;
        Vacate(cpu, rank);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Occupy(Cpu* cpu, uint rank)
    {
        cpu->Ready._occupied |= 1ul << (int)(rank - 1);
        if (cpu->HighestReady < rank)
        {
            cpu->HighestReady = (byte)rank;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Vacate(Cpu* cpu, uint rank)
    {
        ulong occupied = cpu->Ready._occupied & ~(1ul << (int)(rank - 1));
        cpu->Ready._occupied = occupied;
        cpu->HighestReady = occupied == 0 ? (byte)0 : (byte)(BitOperations.Log2(occupied) + 1);
    }

    // Safety: a rank is 1 to 64, as SetScheduling checks, and a CPU's block does not move.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Queue* QueueOf(Cpu* cpu, uint rank) => (Queue*)&cpu->Ready._queues + (rank - 1);

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
