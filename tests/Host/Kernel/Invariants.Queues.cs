using Skerry.Abi;
using Skerry.Kernel;
using Skerry.Kernel.Objects;
using Skerry.Kernel.Scheduling;

namespace Skerry.Tests.Host.Kernel;

/// <summary>Queues: their links, their threads' states, and that no thread stands in two.</summary>
internal sealed unsafe partial class Invariants
{
    private const int MostThreads = 1000;

    private void CheckQueues()
    {
        for (uint i = 0; i < _world.CpuCount; i++)
        {
            Cpu* cpu = _world.Cpu(i);
            CheckReady(cpu);
            CheckCurrent(cpu);
            CheckRequests(cpu);
        }
        foreach (nint address in _endpoints)
        {
            CheckEndpoint((Endpoint*)address);
        }
        foreach (nint address in _notifications)
        {
            var notification = (Notification*)address;
            CheckQueue(notification->Head, notification->Tail, ThreadState.Waiting, "notification", notification);
            Thread* waiter = notification->Head;
            Require(
                waiter == null || !IsThread(waiter) || waiter->Cpu == notification->Cpu,
                "a waiter waits on another CPU than its own"
            );
            Thread* bound = notification->BoundThread;
            Require(
                bound == null || (IsThread(bound) && bound->BoundNotification == notification),
                "a notification's bound thread does not know it"
            );
        }
    }

    private void CheckReady(Cpu* cpu)
    {
        ulong* words = (ulong*)&cpu->Ready;
        for (int priority = 0; priority < ReadyQueues.Priorities; priority++)
        {
            var head = (Thread*)words[1 + 2 * priority];
            var tail = (Thread*)words[2 + 2 * priority];
            Require(
                (head != null) == ((words[0] >> priority & 1) != 0),
                "the ready queues' word of bits is not that of their heads"
            );
            CheckQueue(head, tail, ThreadState.Ready, "ready", null);
            int count = 0;
            for (
                Thread* thread = head;
                thread != null && count < MostThreads && IsThread(thread);
                thread = thread->Next, count++
            )
            {
                Require(
                    thread->Priority == priority && thread->Cpu == cpu->Index,
                    "a thread is ready at another priority or CPU than its own"
                );
                Require(thread->Root != 0 && thread->SchedContext != null, "a ready thread can't run");
            }
        }
        Require(cpu->HighestReady == cpu->Ready.Highest, "HighestReady is not the ready queues' highest");
    }

    private void CheckCurrent(Cpu* cpu)
    {
        Thread* current = cpu->Current;
        Require(current == null || !cpu->Parked, "a parked CPU runs a thread");
        if (current != null)
        {
            Require(IsThread(current) && current->State == ThreadState.Running, "the current thread does not run");
            Require(IsThread(current) && current->SchedContext != null, "the current thread has no context");
            EnterQueue(current, "current");
        }
    }

    private void CheckRequests(Cpu* cpu)
    {
        int count = 0;
        for (var thread = (Thread*)cpu->Shared.RequestHead; thread != null; thread = thread->RequestNext)
        {
            if (!IsThread(thread) || ++count > MostThreads)
            {
                _broken.Add("a request list holds what is no thread, or is a circle");
                return;
            }
            EnterQueue(thread, "request");
            bool comesHome = thread->Cpu == cpu->Index && thread->State == ThreadState.Ready;
            bool sends =
                thread->Cpu != cpu->Index
                && thread->State == ThreadState.Sending
                && _endpoints.Contains((nint)thread->WaitingOn);
            Require(comesHome || sends, "a thread in a request list neither comes home nor sends");
        }
        for (
            var notification = (Notification*)cpu->Shared.SignalHead;
            notification != null;
            notification = notification->RequestNext
        )
        {
            if (!_notifications.Contains((nint)notification) || ++count > MostThreads)
            {
                _broken.Add("a signal list holds what is no notification, or is a circle");
                return;
            }
        }
    }

    private void CheckEndpoint(Endpoint* endpoint)
    {
        Require(
            (endpoint->Head == null) == (endpoint->State is EndpointState.Idle),
            "an endpoint's state is not that of its queue"
        );
        Require(endpoint->State != EndpointState.Dead, "an endpoint with capabilities is dead");
        ThreadState state = endpoint->State == EndpointState.Receivers ? ThreadState.Receiving : ThreadState.Sending;
        CheckQueue(endpoint->Head, endpoint->Tail, state, "endpoint", endpoint);
        Thread* first = endpoint->Head;
        Require(
            first == null || !IsThread(first) || state == ThreadState.Sending || first->Cpu == endpoint->Cpu,
            "a receiver waits on another CPU than its own"
        );
    }

    private void CheckQueue(Thread* head, Thread* tail, ThreadState state, string queue, void* waitingOn)
    {
        Thread* previous = null;
        int count = 0;
        for (Thread* thread = head; thread != null; thread = thread->Next)
        {
            if (!IsThread(thread) || ++count > MostThreads)
            {
                _broken.Add($"the {queue} queue holds what is no thread, or is a circle");
                return;
            }
            bool faults =
                state == ThreadState.Sending
                && thread->State == ThreadState.Faulted
                && (thread->Flags & ThreadFlags.SendsFault) != 0;
            Require(thread->State == state || faults, $"a thread in the {queue} queue is {thread->State}");
            Require(thread->Previous == previous, $"the links of the {queue} queue do not agree");
            Require(
                waitingOn == null || thread->WaitingOn == waitingOn,
                $"a thread in the {queue} queue waits on something else"
            );
            EnterQueue(thread, queue);
            previous = thread;
        }
        Require(tail == previous, $"the tail of the {queue} queue is not its last");
    }

    private void EnterQueue(Thread* thread, string queue)
    {
        if (!_queuedIn.TryAdd((nint)thread, queue))
        {
            _broken.Add($"a thread is in two queues: {_queuedIn[(nint)thread]} and {queue}");
        }
    }
}
