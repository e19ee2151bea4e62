using Skerry.Kernel.Objects;

namespace Skerry.Kernel.Ipc;

/// <summary>The threads that wait at an endpoint, first come first served. By the endpoint's CPU.</summary>
internal static unsafe class EndpointQueue
{
    public static void Append(Endpoint* endpoint, Thread* thread, EndpointState state)
    {
        thread->WaitingOn = endpoint;
        thread->Next = null;
        thread->Previous = endpoint->Tail;
        if (endpoint->Tail == null)
        {
            endpoint->Head = thread;
        }
        else
        {
            endpoint->Tail->Next = thread;
        }
        endpoint->Tail = thread;
        endpoint->State = state;
    }

    public static Thread* TakeFirst(Endpoint* endpoint)
    {
        Thread* thread = endpoint->Head;
        Remove(endpoint, thread);
        return thread;
    }

    public static void Remove(Endpoint* endpoint, Thread* thread)
    {
        if (thread->Previous == null)
        {
            endpoint->Head = thread->Next;
        }
        else
        {
            thread->Previous->Next = thread->Next;
        }
        if (thread->Next == null)
        {
            endpoint->Tail = thread->Previous;
        }
        else
        {
            thread->Next->Previous = thread->Previous;
        }
        thread->Next = null;
        thread->Previous = null;
        thread->WaitingOn = null;
        if (endpoint->Head == null)
        {
            endpoint->State = EndpointState.Idle;
        }
    }
}
