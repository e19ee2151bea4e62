using System.Runtime.Intrinsics.X86;
using Skerry.Abi;
using Skerry.Base.Kernel;
using Skerry.Base.Needs;
using Skerry.Base.Servers.Faults;
using Skerry.Base.Servers.Services;
using Skerry.Base.Startup;

namespace Skerry.Base.Servers;

/// <summary>
/// A server's own threads, on each of its CPUs: an entrypoint and a pager, passive once they wait, and the
/// <see cref="Keeper"/> that sees to it that they go on; and on the first the <see cref="Starter"/>.
/// </summary>
public static unsafe class OwnThreads
{
    private const uint ThreadsPerCpu = 3;

    /// <summary>Stack slots from here on are a server's own; the lower ones belong to its parent's view of it.</summary>
    public const uint FirstStackSlot = (uint)UserLayout.StackAreaSlots - ThreadsPerCpu * Server.MaximumCpus;

    private const uint StarterStackSlot = FirstStackSlot - 1;

    /// <summary>Core's further threads have those below.</summary>
    public const uint LowestStackSlot = StarterStackSlot;

    /// <summary>Makes and starts them all.</summary>
    /// <returns>False if the own memory does not suffice.</returns>
    public static bool Start(Server* server)
    {
        for (uint i = 0; i < server->CpuCount; i++)
        {
            if (!MakeEndpoints(server, i))
            {
                return false;
            }
        }
        for (uint i = 0; i < server->CpuCount; i++)
        {
            if (!StartOn(server, i))
            {
                return false;
            }
        }
        return server->Starter.Start(server, StarterStackSlot);
    }

    private static bool MakeEndpoints(Server* server, uint index)
    {
        ServerCpu* cpu = (ServerCpu*)&server->Cpus + index;
        cpu->Sessions = new EndpointCapability(Make(server, ObjectType.Endpoint, cpu->ClusterIndex));
        cpu->Faults = new EndpointCapability(Make(server, ObjectType.Endpoint, cpu->ClusterIndex));
        cpu->Timeouts = new EndpointCapability(Make(server, ObjectType.Endpoint, cpu->ClusterIndex));
        cpu->Answers = new NotificationCapability(Make(server, ObjectType.Notification, cpu->ClusterIndex));
        cpu->HandedOut = server->Slots.TryTakeRun(2);
        bool made =
            !cpu->Sessions.Slot.IsNull
            && !cpu->Faults.Slot.IsNull
            && !cpu->Timeouts.Slot.IsNull
            && !cpu->Answers.Slot.IsNull
            && !cpu->HandedOut.IsNull;
        // A capability made on one CPU is to be known on the others.
        return made && (index == 0 || cpu->Sessions.JoinGroup(server->Cpus[0].Sessions) == Status.Ok);
    }

    /// <summary>The keeper first: the others may lose the time of their first caller.</summary>
    private static bool StartOn(Server* server, uint index)
    {
        ServerCpu* cpu = (ServerCpu*)&server->Cpus + index;
        uint slot = FirstStackSlot + ThreadsPerCpu * index;
        var keeper = new OwnThread(slot, &Keeper.Run, index, 0, ServerNeeds.KeeperStackPages);
        var session = new OwnThread(
            slot + 1,
            &SessionEntrypoint.Run,
            index,
            Keeper.SessionCookie,
            ServerNeeds.StackPages
        );
        var pager = new OwnThread(slot + 2, &Pager.Run, index, Keeper.PagerCookie, ServerNeeds.StackPages);
        if (!keeper.Make(server) || !session.Make(server) || !pager.Make(server))
        {
            return false;
        }
        cpu->KeeperThread = keeper.Thread;
        cpu->KeeperCaller = new ReplyCapability(keeper.Reply);
        cpu->SessionThread = session.Thread;
        cpu->SessionTime = session.Time;
        cpu->SessionCaller = server->Callers.TryAdopt(session.Reply, index);
        cpu->PagerThread = pager.Thread;
        cpu->PagerTime = pager.Time;
        cpu->PagerCaller = server->Callers.TryAdopt(pager.Reply, index);
        const ThreadFaults lostTime = ThreadFaults.Timeout | ThreadFaults.NoTime;
        return cpu->SessionCaller != null
            && cpu->PagerCaller != null
            && cpu->KeeperThread.BindNotification(cpu->Answers) == Status.Ok
            && cpu->SessionThread.SetFaults(lostTime, cpu->Timeouts.Slot) == Status.Ok
            && cpu->PagerThread.SetFaults(lostTime, cpu->Timeouts.Slot) == Status.Ok
            && keeper.Thread.Resume() == Status.Ok
            && session.Thread.Resume() == Status.Ok
            && pager.Thread.Resume() == Status.Ok
            && BecomePassive(server, session.Thread)
            && BecomePassive(server, pager.Thread);
    }

    /// <summary>An object of the server's own; the null slot if its memory or slots are used up.</summary>
    public static CapabilitySlot Make(Server* server, ObjectType type, uint clusterCpu)
    {
        CapabilitySlot slot = server->Slots.TryTake();
        if (slot.IsNull)
        {
            return default;
        }
        if (new UntypedCapability(server->OwnMemory).RetypeObject(type, clusterCpu, slot) != Status.Ok)
        {
            server->Slots.Give(slot);
            return default;
        }
        return slot;
    }

    /// <summary>
    /// Once the thread waits for its first message it gives up its scheduling context: from then on it runs on those of
    /// its callers, and their work is charged to them.
    /// </summary>
    private static bool BecomePassive(Server* server, ThreadCapability thread)
    {
        while (thread.ReadRegisters(out ThreadRegisters registers) == Status.Ok)
        {
            if (registers.State == ThreadState.Receiving)
            {
                return thread.BecomePassive(server->Priority) == Status.Ok;
            }
            X86Base.Pause();
            Processor.Yield();
        }
        return false;
    }
}
