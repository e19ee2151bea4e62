using System.Runtime.CompilerServices;
using System.Threading;
using Skerry.Kernel.Objects;

namespace Skerry.Kernel.Ipc;

/// <summary>The threads that wait at an endpoint, first come first served. By the endpoint's CPU.</summary>
internal static unsafe class EndpointQueue
{
    public static void Append(Endpoint* endpoint, Thread* thread, EndpointState state)
    {
        Thread* tail = endpoint->Tail;
        thread->WaitingOn = endpoint;
        thread->Next = null;
        thread->Previous = tail;
        if (tail == null)
        {
            endpoint->Head = thread;
        }
        else
        {
            tail->Next = thread;
        }
        endpoint->Tail = thread;
        endpoint->State = state;
    }

    public static Thread* TakeFirst(Endpoint* endpoint)
    {
        Thread* thread = Endpoint.FirstOf(endpoint);
        Remove(endpoint, thread);
        return thread;
    }

    /// <summary>For the fastpath: takes the first thread out of a queue that has another, which is then the first.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void PassOn(Endpoint* endpoint, Thread* first)
    {
        // Volatile, so that the compiler does not keep it from the question whether there is another.
        var next = (Thread*)Volatile.Read(ref *(ulong*)&first->Next);
        endpoint->Head = next;
        next->Previous = null;
        first->Next = null;
    }

    public static void Remove(Endpoint* endpoint, Thread* thread)
    {
        if (endpoint->SweepNext == thread)
        {
            endpoint->SweepNext = thread->Next;
        }
        Thread* previous = thread->Previous;
        Thread* next = thread->Next;
        if (previous != null)
        {
            previous->Next = next;
        }
        else if (next != null)
        {
            endpoint->Head = next;
        }
        else
        {
            endpoint->State = EndpointState.Idle;
        }
        if (next != null)
        {
            next->Previous = previous;
        }
        else
        {
            endpoint->Tail = previous;
        }
        thread->Next = null;
        thread->Previous = null;
        thread->WaitingOn = null;
    }
}
