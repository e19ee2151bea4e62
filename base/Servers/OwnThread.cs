using Skerry.Abi;
using Skerry.Base.Kernel;
using Skerry.Base.Startup;

namespace Skerry.Base.Servers;

/// <summary>A thread of a server's own, made of the server's own memory, with a context that takes turns.</summary>
/// <param name="stackSlot">Its place in the stack area.</param>
/// <param name="body">What it does, for ever.</param>
/// <param name="index">Its CPU, by index among the server's: what the body is told.</param>
/// <param name="cookie">What its timeouts carry.</param>
/// <param name="stackPages">How much stack it has.</param>
internal unsafe struct OwnThread(
    uint stackSlot,
    delegate* <ulong, void> body,
    uint index,
    ulong cookie,
    uint stackPages
)
{
    public ThreadCapability Thread;
    public SchedContextCapability Time;
    public CapabilitySlot Reply;

    /// <summary>Makes all of it; the thread does not run yet.</summary>
    /// <returns>False if the server's own memory or slots do not suffice.</returns>
    public bool Make(Server* server)
    {
        uint clusterCpu = server->Cpus[(int)index].ClusterIndex;
        SchedControlCapability control = server->Cpus[(int)index].Time;
        Thread = new ThreadCapability(OwnThreads.Make(server, ObjectType.Thread, clusterCpu));
        Reply = OwnThreads.Make(server, ObjectType.Reply, clusterCpu);
        Time = new SchedContextCapability(OwnThreads.Make(server, ObjectType.SchedContext, clusterCpu));
        bool made =
            !Thread.Slot.IsNull
            && !Reply.IsNull
            && !Time.Slot.IsNull
            && MapStack(server, out FrameCapability buffer)
            && Thread.SetSpaces(CapTableCapability.Own, server->OwnAddressSpace, cookie) == Status.Ok
            && Time.TakeTurns(control) == Status.Ok
            && Thread.SetScheduling(server->Priority, Time, control) == Status.Ok
            && Thread.SetReply(new ReplyCapability(Reply)) == Status.Ok
            && Thread.SetBuffer(buffer, 0) == Status.Ok;
        if (!made)
        {
            return false;
        }
        ulong slotBase = StackSlots.Base(stackSlot);
        *ThreadContext.At(slotBase) = new ThreadContext
        {
            Body = body,
            Argument = index,
            StackSlot = stackSlot,
        };
        Thread.WriteRegisters(SystemCalls.ThreadStartAddress, slotBase + UserLayout.StackSlotSize, 0);
        return true;
    }

    private readonly bool MapStack(Server* server, out FrameCapability buffer)
    {
        const FrameRights rights = FrameRights.Read | FrameRights.Write;
        buffer = new FrameCapability(server->Slots.TryTake());
        var stack = new FrameCapability(server->Slots.TryTake());
        var own = new UntypedCapability(server->OwnMemory);
        ulong slotBase = StackSlots.Base(stackSlot);
        ulong stackBase = slotBase + UserLayout.StackSlotSize - stackPages * UserLayout.PageSize;
        return own.RetypeFrame(1, buffer.Slot) == Status.Ok
            && own.RetypeFrame(stackPages, stack.Slot) == Status.Ok
            && server->Space.MapAt(buffer, slotBase, 1, rights)
            && server->Space.MapAt(stack, stackBase, stackPages, rights);
    }
}
