using Skerry.Abi;
using Skerry.Kernel.Capabilities;
using Skerry.Kernel.Cluster;
using Skerry.Kernel.Objects;
using Skerry.Kernel.Scheduling;

namespace Skerry.Kernel.Checking;

/// <summary>Queues: their links, their threads' states, and that no thread stands in two.</summary>
internal static unsafe partial class Checker
{
    private static void CheckQueues()
    {
        for (uint i = 0; i < ClusterCpus.Count; i++)
        {
            Cpu* cpu = ClusterCpus.At(i);
            CheckReady(cpu);
            CheckCurrent(cpu);
            CheckRequests(cpu);
            CheckSignals(cpu);
            CheckRefills(cpu);
        }
        for (Capability* slot = DerivationTree.After(root); slot != null; slot = DerivationTree.After(slot))
        {
            if (!IsFirstToObject(slot))
            {
                continue;
            }
            if (KindOf(slot) == ObjectType.Endpoint)
            {
                CheckEndpoint((Endpoint*)slot->Object);
            }
            else if (KindOf(slot) == ObjectType.Notification)
            {
                var notification = (Notification*)slot->Object;
                CheckQueue(
                    notification->Head,
                    notification->Tail,
                    ThreadState.Waiting,
                    Place.Notification,
                    notification,
                    notification->Cpu
                );
                CheckAnswers(notification->Head);
            }
        }
    }

    private static void CheckReady(Cpu* cpu)
    {
        // The word of bits, and then head and tail of each priority.
        var words = (ulong*)&cpu->Ready;
        for (int priority = 0; priority < ReadyQueues.Priorities; priority++)
        {
            var head = (Thread*)words[1 + 2 * priority];
            // Where there is no first, the last means nothing.
            Thread* tail = head == null ? null : (Thread*)words[2 + 2 * priority];
            Require(head != null == ((words[0] >> priority & 1) != 0), CheckedRule.ReadyBits, cpu);
            if (!CheckQueue(head, tail, ThreadState.Ready, Place.Ready, null, cpu->Index))
            {
                continue;
            }
            for (Thread* thread = head; thread != null; thread = thread->Next)
            {
                bool own = thread->Priority == priority && thread->Cpu == cpu->Index;
                bool isTold = (thread->Flags & ThreadFlags.FaultDue) != 0;
                bool able = thread->Root != 0 && (thread->SchedContext != null || isTold);
                Require(own && able, CheckedRule.ReadyThread, thread);
            }
        }
        Thread* foremost = cpu->Foremost;
        uint best = cpu->Ready.Highest;
        if (foremost != null && Require(IsThread(foremost), CheckedRule.QueueMember, cpu))
        {
            EnterQueue(foremost, Place.Ready);
            bool alone = foremost->Next == null && foremost->Previous == null;
            bool isTold = (foremost->Flags & ThreadFlags.FaultDue) != 0;
            bool able = foremost->Root != 0 && (foremost->SchedContext != null || isTold) && foremost->Rank >= best;
            bool ready = foremost->State == ThreadState.Ready && foremost->Cpu == cpu->Index;
            bool unlisted = (foremost->Flags & ThreadFlags.Queued) == 0;
            Require(alone && able && ready && unlisted, CheckedRule.ForemostThread, foremost);
            best = foremost->Rank;
        }
        bool follows = cpu->HighestReady == best && cpu->HighestListed == cpu->Ready.Highest;
        Require(follows, CheckedRule.HighestReady, cpu);
    }

    /// <summary>A CPU that stands still may have lost its current thread's time, and chooses when it goes on.</summary>
    private static void CheckCurrent(Cpu* cpu)
    {
        Thread* current = cpu->Current;
        if (current == null)
        {
            return;
        }
        if (Require(IsThread(current), CheckedRule.CurrentThread, cpu))
        {
            bool hasTime = current->SchedContext != null || cpu != caller;
            bool runs = current->State == ThreadState.Running && current->Cpu == cpu->Index;
            Require(hasTime && runs && !cpu->Parked, CheckedRule.CurrentThread, current);
            EnterQueue(current, Place.Current);
        }
    }

    private static void CheckRequests(Cpu* cpu)
    {
        for (var thread = (Thread*)cpu->Shared.RequestHead; thread != null; thread = thread->RequestNext)
        {
            if (!Require(IsThread(thread), CheckedRule.QueueMember, cpu) || !EnterQueue(thread, Place.Request))
            {
                return;
            }
            bool comesHome = thread->Cpu == cpu->Index && thread->State == ThreadState.Ready;
            bool sends =
                thread->Cpu != cpu->Index
                && thread->State == ThreadState.Sending
                && ObjectTable.Has(thread->WaitingOn, ObjectType.Endpoint);
            Require(comesHome || sends, CheckedRule.RequestState, thread);
        }
    }

    private static void CheckSignals(Cpu* cpu)
    {
        var notification = (Notification*)cpu->Shared.SignalHead;
        for (; notification != null; notification = notification->RequestNext)
        {
            bool known =
                ObjectTable.Has(notification, ObjectType.Notification)
                && ObjectTable.Of(notification).Place == Place.Nowhere
                && notification->Cpu == cpu->Index;
            if (!Require(known, CheckedRule.SignalList, cpu))
            {
                return;
            }
            ObjectTable.Of(notification).Place = Place.Signals;
        }
    }

    private static void CheckEndpoint(Endpoint* endpoint)
    {
        EndpointState word = endpoint->State;
        bool agrees =
            (endpoint->Head == null) == (word == EndpointState.Idle)
            && word != EndpointState.Dead
            && endpoint->Cpu < ClusterCpus.Count
            && endpoint->Word == ((ulong)ClusterCpus.At(endpoint->Cpu) | (ulong)word);
        Require(agrees, CheckedRule.EndpointState, endpoint);
        ThreadState state = endpoint->State == EndpointState.Receivers ? ThreadState.Receiving : ThreadState.Sending;
        CheckQueue(endpoint->Head, endpoint->Tail, state, Place.Endpoint, endpoint, endpoint->Cpu);
        Thread* swept = (endpoint->Sweep & 1) != 0 ? endpoint->SweepNext : null;
        bool waits = swept == null || (IsThread(swept) && swept->WaitingOn == endpoint);
        Require(waits, CheckedRule.EndpointSweep, endpoint);
    }

    /// <returns>Whether the queue can be followed.</returns>
    private static bool CheckQueue(
        Thread* head,
        Thread* tail,
        ThreadState state,
        Place place,
        void* waitingOn,
        uint cpu
    )
    {
        Thread* previous = null;
        for (Thread* thread = head; thread != null; thread = thread->Next)
        {
            // Whoever is in a queue already would lead into it, or round in a circle.
            if (!Require(IsThread(thread), CheckedRule.QueueMember, thread) || !EnterQueue(thread, place))
            {
                return false;
            }
            bool faults =
                state == ThreadState.Sending
                && thread->State == ThreadState.Faulted
                && (thread->Flags & ThreadFlags.SendsFault) != 0;
            bool waits = waitingOn == null || thread->WaitingOn == waitingOn;
            waits &= state is ThreadState.Ready or ThreadState.Sending || thread->Cpu == cpu;
            Require((thread->State == state || faults) && waits, CheckedRule.QueueState, thread);
            Require(thread->Previous == previous, CheckedRule.QueueLinks, thread);
            previous = thread;
        }
        return Require(tail == previous, CheckedRule.QueueLinks, head);
    }

    /// <summary>Whoever waits for a notification has the status of the signal that will come.</summary>
    private static void CheckAnswers(Thread* first)
    {
        for (Thread* thread = first; thread != null && IsThread(thread); thread = thread->Next)
        {
            if (!Require(thread->Rax == (ulong)Status.Ok, CheckedRule.WaitersStatus, thread))
            {
                return;
            }
        }
    }

    private static bool EnterQueue(Thread* thread, Place place)
    {
        ref KnownObject entry = ref ObjectTable.Of(thread);
        if (!Require(entry.Place == Place.Nowhere, CheckedRule.ThreadInTwoQueues, thread))
        {
            return false;
        }
        entry.Place = place;
        return true;
    }
}
