using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Threading;
using Skerry.Kernel.Layout;
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

    private const int BytesOfQueue = 2 * sizeof(ulong);

    private ulong _occupied;
    private QueueList _queues;

    /// <summary>Priority of the best thread plus one; 0 if there is none.</summary>
    public readonly byte Highest => _occupied == 0 ? (byte)0 : (byte)(BitOperations.Log2(_occupied) + 1);

    /// <summary>A thread that stands in no queue, so that its links are null.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Append(Cpu* cpu, Thread* thread)
    {
        Queue* queue = QueueOf(cpu, thread->Rank);
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

    /// <summary>As Append, before all others of its priority.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Prepend(Cpu* cpu, Thread* thread)
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

    public static void Remove(Cpu* cpu, Thread* thread)
    {
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
        }
    }

    /// <summary>Takes the first thread of the highest priority, or null.</summary>
    public static Thread* TakeHighest(Cpu* cpu)
    {
        if (cpu->HighestReady == 0)
        {
            return null;
        }
        Queue* queue = Best(cpu);
        Thread* thread = queue->Head;
        RemoveFirst(cpu, queue, thread);
        return thread;
    }

    /// <summary>The queue of the highest priority, where somebody is ready.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Queue* Best(Cpu* cpu) => QueueOf(cpu, cpu->HighestReady);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void RemoveFirst(Cpu* cpu, Queue* queue, Thread* first)
    {
        Thread* next = first->Next;
        first->Flags = first->Flags & ~ThreadFlags.Queued;
        queue->Head = next;
        if (next != null)
        {
            first->Next = null;
            next->Previous = null;
            return;
        }
        Vacate(cpu, first);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Occupy(Cpu* cpu, Thread* thread)
    {
        cpu->Ready._occupied = cpu->Ready._occupied | thread->PriorityBit;
        if (thread->Rank > cpu->HighestReady)
        {
            // Volatile, so that the compiler compares the byte in memory instead of keeping it.
            cpu->HighestReady = Volatile.Read(ref thread->Rank);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Vacate(Cpu* cpu, Thread* thread)
    {
        ulong occupied = cpu->Ready._occupied ^ thread->PriorityBit;
        cpu->Ready._occupied = occupied;
        if (occupied == 0)
        {
            cpu->HighestReady = 0;
            return;
        }
        cpu->HighestReady = (byte)(BitOperations.Log2(occupied) + 1);
    }

    // Safety: a rank is 1 to 64, as SetScheduling checks, and a CPU's block does not move.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Queue* QueueOf(Cpu* cpu, uint rank) =>
        (Queue*)((byte*)cpu + (CpuLayout.Ready + sizeof(ulong) - BytesOfQueue)) + rank;

    /// <summary>The threads of one priority, the first and the last, which means nothing where there is no first.</summary>
    public struct Queue
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
