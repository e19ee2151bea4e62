using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Skerry.Kernel.Objects;

namespace Skerry.Kernel.Scheduling;

/// <summary>
/// The threads of one CPU that could run, by priority; the thread that runs is not among them. Only that CPU's.
/// </summary>
[StructLayout(LayoutKind.Sequential)]
internal unsafe struct ReadyQueues
{
    public const int Priorities = 64;

    private ulong _occupied;
    private QueueList _queues;

    /// <summary>Priority of the best thread plus one; 0 if there is none.</summary>
    public readonly byte Highest => _occupied == 0 ? (byte)0 : (byte)(BitOperations.Log2(_occupied) + 1);

    public void Append(Thread* thread)
    {
        thread->Flags |= ThreadFlags.Queued;
        ref Queue queue = ref _queues[thread->Priority];
        thread->Next = null;
        thread->Previous = queue.Tail;
        if (queue.Tail == null)
        {
            queue.Head = thread;
        }
        else
        {
            queue.Tail->Next = thread;
        }
        queue.Tail = thread;
        _occupied |= 1ul << thread->Priority;
    }

    public void Prepend(Thread* thread)
    {
        thread->Flags |= ThreadFlags.Queued;
        ref Queue queue = ref _queues[thread->Priority];
        thread->Previous = null;
        thread->Next = queue.Head;
        if (queue.Head == null)
        {
            queue.Tail = thread;
        }
        else
        {
            queue.Head->Previous = thread;
        }
        queue.Head = thread;
        _occupied |= 1ul << thread->Priority;
    }

    public void Remove(Thread* thread)
    {
        thread->Flags &= ~ThreadFlags.Queued;
        ref Queue queue = ref _queues[thread->Priority];
        if (thread->Previous == null)
        {
            queue.Head = thread->Next;
        }
        else
        {
            thread->Previous->Next = thread->Next;
        }
        if (thread->Next == null)
        {
            queue.Tail = thread->Previous;
        }
        else
        {
            thread->Next->Previous = thread->Previous;
        }
        thread->Next = null;
        thread->Previous = null;
        if (queue.Head == null)
        {
            _occupied &= ~(1ul << thread->Priority);
        }
    }

    /// <summary>Takes the first thread of the highest priority, or null.</summary>
    public Thread* TakeHighest()
    {
        if (_occupied == 0)
        {
            return null;
        }
        Thread* thread = _queues[BitOperations.Log2(_occupied)].Head;
        Remove(thread);
        return thread;
    }

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
