using System.Threading;
using Skerry.Abi;
using Skerry.Kernel.Cluster;
using Skerry.Kernel.Interrupts;
using Skerry.Kernel.Layout;
using Skerry.Kernel.Machine;
using Skerry.Kernel.Objects;
using Skerry.Kernel.Scheduling;

namespace Skerry.Kernel.Ipc;

/// <summary>
/// An idle CPU was told that something was handed to it. If that is one thread alone, which can run at once or calls a passive
/// server that waits, it is not queued first: what <see cref="Requests.Serve"/>, <see cref="Sending.Arrive"/> and the scheduler do,
/// in one piece. The other side of <see cref="CrossCalls"/>.
/// </summary>
internal static unsafe class CrossArrivals
{
    /// <returns>Who runs now, and the interrupt has ended; null: nothing has changed.</returns>
    public static Thread* TakeOnly(Cpu* cpu)
    {
        // Nobody is ready but for what a CPU that held this one has done, and nothing is charged while a CPU idles.
        if (cpu->HighestReady != 0 || cpu->Parked || cpu->DebugOwner != null || cpu->Charged != null)
        {
            return null;
        }
        if (!ClusterLock.TryAcquire())
        {
            return null;
        }
        Thread* next = Take(cpu);
        ClusterLock.Release();
        return next == null ? null : (Thread*)LocalApic.EndOfInterrupt(next);
    }

    private static Thread* Take(Cpu* cpu)
    {
        var thread = (Thread*)Volatile.Read(ref cpu->Shared.RequestHead);
        if (thread == null || thread->RequestNext != null || Volatile.Read(ref cpu->Shared.SignalHead) != 0)
        {
            return null;
        }
        SchedContext* context = thread->SchedContext;
        if (context == null || context->Remaining == 0)
        {
            return null;
        }
        Thread* next = thread->Cpu == cpu->Index ? thread : FindServer(cpu, thread);
        if (next == null || next->Root == 0 || (next->Flags & ThreadFlags.LeftToSlowly) != 0)
        {
            return null;
        }
        if (Interlocked.CompareExchange(ref cpu->Shared.RequestHead, 0ul, (ulong)thread) != (ulong)thread)
        {
            return null;
        }

        // Nothing can fail from here on.
        cpu->Count(CpuCounter.RequestInterrupts);
        cpu->Count(CpuCounter.RequestsServed);
        thread->Flags &= ~(ThreadFlags.Handed | ThreadFlags.WantsReply | ThreadFlags.MayGrant);
        if (next != thread)
        {
            Deliver(thread, next);
        }
        next->State = ThreadState.Running;
        next->SchedContext = null;
        context->Holder = next;
        cpu->Current = next;
        Scheduler.LoadSpace(cpu, next->Root);
        Timekeeping.StartFromIdle(cpu, context, Hardware.ReadTimeStampCounter());
        return next;
    }

    /// <summary>Of a call with a message in registers: a passive server that waits where it goes; else null.</summary>
    private static Thread* FindServer(Cpu* cpu, Thread* sender)
    {
        const ThreadFlags kind = ThreadFlags.WantsReply | ThreadFlags.SendsFault;
        var endpoint = (Endpoint*)sender->WaitingOn;
        if (endpoint->Word != (ulong)cpu || (sender->Flags & kind) != ThreadFlags.WantsReply)
        {
            return null;
        }
        Thread* server = Endpoint.FirstOf(endpoint);
        bool isPlain =
            server->ServerRank != 0
            && server->SchedContext == null
            && (sender->Info & MessageInfo.FastpathMask) <= MessageLimits.RegisterWords;
        return isPlain ? server : null;
    }

    /// <summary>The server has the message and, with its caller's context, which goes along, the caller.</summary>
    private static void Deliver(Thread* sender, Thread* server)
    {
        var endpoint = (Endpoint*)sender->WaitingOn;
        if (server->Next == null)
        {
            endpoint->Word++; // EndpointState.Idle
        }
        else
        {
            EndpointQueue.PassOn(endpoint, server);
        }
        MessageTransfer.MoveRegisters(sender, server, sender->SendBadge);
        Reply* reply = server->ServerReply;
        reply->Hold(sender, server);
        sender->AwaitedReply = reply;
        sender->State = ThreadState.AwaitingReply;
        sender->SchedContext = null;
    }
}
