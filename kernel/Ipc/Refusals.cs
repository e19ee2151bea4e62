using Skerry.Abi;
using Skerry.Kernel.Cluster;
using Skerry.Kernel.Objects;
using Skerry.Kernel.Scheduling;

namespace Skerry.Kernel.Ipc;

/// <summary>
/// Senders that a receiver cannot take: callers if it has no Reply object to keep them in, and those who lend it no time if
/// it will have none of its own. Their calls end with a status. Under the cluster lock.
/// </summary>
internal static unsafe class Refusals
{
    /// <summary>
    /// Senders that are told before it is asked whether somebody waits for this CPU or for the lock; and one for each CPU, as
    /// many as may have come again when the call is made again, so that it gets on.
    /// </summary>
    private const uint MostSenders = 16;

    /// <summary>Why a receiver that has time, or not, can't take this sender; else Ok.</summary>
    public static Status Of(Thread* sender, Thread* receiver, bool hasTime)
    {
        bool wantsReply = WantsReply(sender);
        if (wantsReply && receiver->Reply == null)
        {
            // It goes on waiting for one who wants no answer.
            return Status.InvalidState;
        }
        // The context may have been called back, or its control revoked, while the sender waited here. A server must not
        // wait for time that never comes.
        return hasTime || (wantsReply && CanLend(sender)) ? Status.Ok : Status.NoSchedulingContext;
    }

    private static bool CanLend(Thread* sender)
    {
        bool isFault = (sender->Flags & ThreadFlags.SendsFault) != 0;
        return !Lending.HasNoTime(sender) && !(isFault && TellsOfNoTime(sender));
    }

    /// <summary>Of a faulter: nothing is left of the time that it tells of, and nobody is to work on that.</summary>
    public static bool TellsOfNoTime(Thread* faulter) => faulter->FaultLabel == FaultLabel.Timeout;

    public static bool WantsReply(Thread* sender) =>
        (sender->Flags & (ThreadFlags.WantsReply | ThreadFlags.SendsFault)) != 0;

    /// <summary>
    /// Before a thread answers and receives, while it still has time, its caller's perhaps: those at the head of the
    /// queue who it will not be able to take are told so.
    /// </summary>
    /// <returns>False if there are more, and somebody waits: the call is then made again.</returns>
    public static bool Tell(Cpu* cpu, Thread* receiver, Endpoint* endpoint)
    {
        bool hasTime = Lending.HasTimeToReceive(receiver);
        while (endpoint->State == EndpointState.Senders)
        {
            for (uint i = 0; i < MostSenders + ClusterCpus.Count; i++)
            {
                if (!TellFirst(cpu, receiver, endpoint, hasTime))
                {
                    return true;
                }
            }
            if (Preemption.IsDue(cpu))
            {
                return false;
            }
        }
        return true;
    }

    /// <returns>False if there is nobody, or who can be taken.</returns>
    private static bool TellFirst(Cpu* cpu, Thread* receiver, Endpoint* endpoint, bool hasTime)
    {
        if (endpoint->State != EndpointState.Senders)
        {
            return false;
        }
        Status status = Of(endpoint->Head, receiver, hasTime);
        if (status == Status.Ok)
        {
            return false;
        }
        cpu->Count(CpuCounter.SlowpathMessages);
        Sending.End(cpu, EndpointQueue.TakeFirst(endpoint), status);
        return true;
    }
}
