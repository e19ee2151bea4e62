using Skerry.Abi;
using Skerry.Base.Kernel;
using Skerry.Base.Needs;
using Skerry.Base.Servers;
using Skerry.Base.Startup;

namespace Skerry.Core;

/// <summary>
/// A thread of core's own, on the cluster's first CPU. It has processor time of its own, as nobody calls it.
/// </summary>
public static unsafe class CoreThread
{
    // The last ones below those of every server's.
    public const uint DoorbellStack = OwnThreads.LowestStackSlot - 1;
    public const uint WatchStack = OwnThreads.LowestStackSlot - 2;
    public const uint ConsoleStack = OwnThreads.LowestStackSlot - 3;

    /// <summary>Serves: it takes turns with core's others, and shares locks with them.</summary>
    public static CoreTime Turns => new(Server.CorePriority, 10_000, 0);

    /// <summary>Looks around when nobody else runs, for a hundredth of the time, and takes no lock.</summary>
    public static CoreTime Leisure => new(0, 1_000, 100_000);

    /// <summary>Makes and starts it; false if core's own memory does not suffice.</summary>
    /// <param name="server">This instance of core.</param>
    /// <param name="stackSlot">Its place in the stack area.</param>
    /// <param name="body">What it does, for ever.</param>
    /// <param name="time">When it runs.</param>
    public static bool Start(Server* server, uint stackSlot, delegate* <ulong, void> body, CoreTime time)
    {
        const uint cpu = 0;
        const FrameRights rights = FrameRights.Read | FrameRights.Write;
        var thread = new ThreadCapability(OwnThreads.Make(server, ObjectType.Thread, cpu));
        var context = new SchedContextCapability(OwnThreads.Make(server, ObjectType.SchedContext, cpu));
        SchedControlCapability control = server->Cpus[(int)cpu].Time;
        var own = new UntypedCapability(server->OwnMemory);
        var buffer = new FrameCapability(server->Slots.TryTake());
        var stack = new FrameCapability(server->Slots.TryTake());
        ulong slotBase = StackSlots.Base(stackSlot);
        ulong stackEnd = slotBase + UserLayout.StackSlotSize;
        ulong stackStart = stackEnd - ServerNeeds.StackPages * UserLayout.PageSize;
        bool made =
            !thread.Slot.IsNull
            && !context.Slot.IsNull
            && own.RetypeFrame(1, buffer.Slot) == Status.Ok
            && own.RetypeFrame(ServerNeeds.StackPages, stack.Slot) == Status.Ok
            && server->Space.MapAt(buffer, slotBase, 1, rights)
            && server->Space.MapAt(stack, stackStart, ServerNeeds.StackPages, rights)
            && thread.SetSpaces(CapTableCapability.Own, server->OwnAddressSpace, 0) == Status.Ok
            && context.Configure(time.Budget, time.Period, control) == Status.Ok
            && thread.SetScheduling(time.Priority, context, control) == Status.Ok
            && thread.SetBuffer(buffer, 0) == Status.Ok;
        if (!made)
        {
            return false;
        }
        *ThreadContext.At(slotBase) = new ThreadContext { Body = body, StackSlot = stackSlot };
        return thread.WriteRegisters(SystemCalls.ThreadStartAddress, stackEnd, 0) == Status.Ok
            && thread.Resume() == Status.Ok;
    }
}
