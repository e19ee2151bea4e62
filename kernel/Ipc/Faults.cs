using System.Threading;
using Skerry.Abi;
using Skerry.Kernel.Capabilities;
using Skerry.Kernel.Cluster;
using Skerry.Kernel.Objects;
using Skerry.Kernel.Scheduling;

namespace Skerry.Kernel.Ipc;

/// <summary>
/// Faults of user threads become messages to the pager of the CPU they happened on: the address space's fault table has
/// an endpoint for each CPU, and the faulting thread is as one that calls it.
/// </summary>
/// <remarks>
/// The path of a page fault, downwards: vector stub (boot/stubs/Kernel/TrapStubs) → <see cref="Interrupts.Traps"/> →
/// <see cref="Deliver"/> → the pager; and back: <see cref="ReplyMapping"/>. If the pager waits, nothing is locked and no
/// interrupt is sent.
/// </remarks>
internal static unsafe class Faults
{
    private const ulong TypeAndRights = 0xf8 | (ulong)EndpointRights.Send;
    private const ulong Sendable = ((ulong)ObjectType.Endpoint << 3) | (ulong)EndpointRights.Send;

    /// <summary>Answers the thread to resume.</summary>
    public static Thread* Deliver(Cpu* cpu, Thread* faulter, FaultLabel label, ulong word0, ulong word2)
    {
        faulter->FaultLabel = label;
        faulter->FaultWord0 = word0;
        faulter->FaultWord2 = word2;
        Thread* pager = DeliverToWaiting(cpu, faulter);
        return pager != null ? pager : DeliverSlowly(cpu, faulter);
    }

    /// <summary>The pager waits and is passive: it runs at once, on the faulter's context. Null: the slow path.</summary>
    private static Thread* DeliverToWaiting(Cpu* cpu, Thread* faulter)
    {
        AddressSpace* space = faulter->AddressSpace;
        if (space == null || FaultTable.SlotFor(cpu->Index) >= space->FaultTableCount)
        {
            return null;
        }
        Capability* capability = space->FaultTable + FaultTable.SlotFor(cpu->Index);
        ulong word = capability->Word;
        if (((word >> Capability.RightsShift) & TypeAndRights) != Sendable)
        {
            return null;
        }
        ulong badge = capability->Data;
        var endpoint = (Endpoint*)Capability.ObjectOf(word);
        bool receiverWaits = endpoint->StateAndCpu == ((ulong)EndpointState.Receivers | ((ulong)cpu->Index << 32));
        if (!receiverWaits || Volatile.Read(ref *(ulong*)capability) != word)
        {
            return null;
        }
        Thread* pager = endpoint->Head;
        Reply* reply = pager->Reply;
        if (reply == null || pager->SchedContext != null || pager->Priority + 1u < cpu->HighestReady)
        {
            return null;
        }
        EndpointQueue.TakeFirst(endpoint);
        reply->Caller = faulter;
        reply->Borrower = pager;
        Lending.Give(faulter->SchedContext, pager);
        pager->State = ThreadState.Running;
        faulter->SchedContext = null;
        faulter->AwaitedReply = reply;
        faulter->State = ThreadState.Faulted;
        MessageTransfer.MoveFault(faulter, pager, badge);
        cpu->Current = pager;
        Scheduler.LoadSpace(cpu, pager->Root);
        return pager;
    }

    private static Thread* DeliverSlowly(Cpu* cpu, Thread* faulter)
    {
        ClusterLock.Acquire(cpu);
        if (cpu->Current == faulter)
        {
            cpu->Current = null;
            Park(cpu, faulter);
        }
        ClusterLock.Release();
        return Scheduler.Choose(cpu);
    }

    /// <summary>Queues the faulter at its CPU's fault endpoint; without one it stays stopped until somebody resumes it.</summary>
    private static void Park(Cpu* cpu, Thread* faulter)
    {
        faulter->State = ThreadState.Faulted;
        // The fastpath leaves the link of the queue that a server stood in, in the same place.
        faulter->AwaitedReply = null;
        AddressSpace* space = faulter->AddressSpace;
        if (space == null || FaultTable.SlotFor(cpu->Index) >= space->FaultTableCount)
        {
            return;
        }
        Capability* capability = space->FaultTable + FaultTable.SlotFor(cpu->Index);
        bool usable = capability->Type == ObjectType.Endpoint && (capability->Rights & (byte)EndpointRights.Send) != 0;
        var endpoint = (Endpoint*)capability->Object;
        if (!usable || endpoint->Cpu != cpu->Index)
        {
            return;
        }
        faulter->SendBadge = capability->Badge;
        faulter->Flags |= ThreadFlags.SendsFault;
        Sending.Arrive(cpu, faulter, endpoint);
    }
}
