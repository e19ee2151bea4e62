using Skerry.Abi;
using Skerry.Base.Kernel;
using Skerry.Base.Needs;
using Skerry.Base.Startup;

namespace Skerry.Base.Servers;

/// <summary>A server's own threads: an entrypoint and a pager on each of its CPUs, passive once they wait.</summary>
public static unsafe class ServerThreads
{
    // Stack slots from here on are a server's own; the lower ones belong to its parent's view of it.
    private const uint FirstStackSlot = 512;

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
            ServerCpu* cpu = (ServerCpu*)&server->Cpus + i;
            bool started =
                Start(server, i, 2 * i, &SessionEntrypoint.Run, out cpu->SessionThread, out cpu->SessionReply)
                && Start(server, i, 2 * i + 1, &Pager.Run, out cpu->PagerThread, out cpu->PagerReply)
                && BecomePassive(cpu->SessionThread)
                && BecomePassive(cpu->PagerThread);
            if (!started)
            {
                return false;
            }
        }
        return true;
    }

    private static bool MakeEndpoints(Server* server, uint index)
    {
        ServerCpu* cpu = (ServerCpu*)&server->Cpus + index;
        cpu->Sessions = new EndpointCapability(Make(server, ObjectType.Endpoint, cpu->ClusterIndex));
        cpu->Faults = new EndpointCapability(Make(server, ObjectType.Endpoint, cpu->ClusterIndex));
        cpu->HandedOut = server->Slots.TryTakeRun(2);
        if (cpu->Sessions.Slot.IsNull || cpu->Faults.Slot.IsNull || cpu->HandedOut.IsNull)
        {
            return false;
        }
        // A capability made on one CPU is to be known on the others.
        return index == 0 || cpu->Sessions.JoinGroup(server->Cpus[0].Sessions) == Status.Ok;
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

    private static bool Start(
        Server* server,
        uint index,
        uint number,
        delegate* <ulong, void> body,
        out ThreadCapability thread,
        out CapabilitySlot reply
    )
    {
        uint clusterCpu = server->Cpus[(int)index].ClusterIndex;
        SchedControlCapability control = server->Cpus[(int)index].Time;
        thread = new ThreadCapability(Make(server, ObjectType.Thread, clusterCpu));
        reply = Make(server, ObjectType.Reply, clusterCpu);
        var context = new SchedContextCapability(Make(server, ObjectType.SchedContext, clusterCpu));
        uint stackSlot = FirstStackSlot + number;
        ulong stackEnd = StackSlots.Base(stackSlot) + UserLayout.StackSlotSize;
        bool made =
            !thread.Slot.IsNull
            && !reply.IsNull
            && !context.Slot.IsNull
            && MapStack(server, stackSlot, out FrameCapability buffer)
            && thread.SetSpaces(CapTableCapability.Own, server->OwnAddressSpace, 0) == Status.Ok
            && context.TakeTurns(control) == Status.Ok
            && thread.SetScheduling(Server.Priority, context, control) == Status.Ok
            && thread.SetReply(new ReplyCapability(reply)) == Status.Ok
            && thread.SetBuffer(buffer, 0) == Status.Ok;
        if (!made)
        {
            return false;
        }
        *ThreadContext.At(StackSlots.Base(stackSlot)) = new ThreadContext
        {
            Body = body,
            Argument = index,
            StackSlot = stackSlot,
        };
        thread.WriteRegisters(SystemCalls.ThreadStartAddress, stackEnd, 0);
        return thread.Resume() == Status.Ok;
    }

    /// <summary>
    /// Once the thread waits for its first message it gives up its scheduling context: from then on it runs on those of
    /// its callers, and their work is charged to them.
    /// </summary>
    private static bool BecomePassive(ThreadCapability thread)
    {
        while (thread.ReadRegisters(out ThreadRegisters registers) == Status.Ok)
        {
            if (registers.State == ThreadState.Receiving)
            {
                return thread.BecomePassive(Server.Priority) == Status.Ok;
            }
            Processor.Yield();
        }
        return false;
    }

    private static bool MapStack(Server* server, uint stackSlot, out FrameCapability buffer)
    {
        const FrameRights rights = FrameRights.Read | FrameRights.Write;
        buffer = new FrameCapability(server->Slots.TryTake());
        var stack = new FrameCapability(server->Slots.TryTake());
        var own = new UntypedCapability(server->OwnMemory);
        ulong slotBase = StackSlots.Base(stackSlot);
        return own.RetypeFrame(1, buffer.Slot) == Status.Ok
            && own.RetypeFrame(ServerNeeds.StackPages, stack.Slot) == Status.Ok
            && server->Space.MapAt(buffer, slotBase, 1, rights)
            && server->Space.MapAt(
                stack,
                slotBase + UserLayout.StackSlotSize - ServerNeeds.StackPages * UserLayout.PageSize,
                ServerNeeds.StackPages,
                rights
            );
    }
}
