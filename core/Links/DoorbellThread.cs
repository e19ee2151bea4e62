using Skerry.Abi;
using Skerry.Base.Kernel;
using Skerry.Base.Servers;
using Skerry.Base.Startup;

namespace Skerry.Core.Links;

/// <summary>
/// The thread that serves the links, on the cluster's first CPU, with core's priority. Unlike core's other threads it
/// has processor time of its own: nobody calls it.
/// </summary>
public static unsafe class DoorbellThread
{
    private const ulong StackPages = 8;

    // The last one below those that ServerThreads uses.
    private const uint StackSlot = 511;

    /// <summary>Makes and starts it; false if core's own memory does not suffice.</summary>
    /// <param name="server">This instance of core.</param>
    /// <param name="body">Calls <see cref="Links.Serve"/>.</param>
    public static bool Start(Server* server, delegate* <ulong, void> body)
    {
        const uint cpu = 0;
        const FrameRights rights = FrameRights.Read | FrameRights.Write;
        var thread = new ThreadCapability(ServerThreads.Make(server, ObjectType.Thread, cpu));
        var context = new SchedContextCapability(ServerThreads.Make(server, ObjectType.SchedContext, cpu));
        var own = new UntypedCapability(server->OwnMemory);
        var buffer = new FrameCapability(server->Slots.TryTake());
        var stack = new FrameCapability(server->Slots.TryTake());
        ulong slotBase = StackSlots.Base(StackSlot);
        ulong stackEnd = slotBase + UserLayout.StackSlotSize;
        ulong stackStart = stackEnd - StackPages * UserLayout.PageSize;
        bool made =
            !thread.Slot.IsNull
            && !context.Slot.IsNull
            && own.RetypeFrame(1, buffer.Slot) == Status.Ok
            && own.RetypeFrame(StackPages, stack.Slot) == Status.Ok
            && server->Space.MapAt(buffer, slotBase, 1, rights)
            && server->Space.MapAt(stack, stackStart, StackPages, rights)
            && thread.SetSpaces(CapTableCapability.Own, server->OwnAddressSpace, 0) == Status.Ok
            && context.TakeTurns(server->Cpus[(int)cpu].Time) == Status.Ok
            && thread.SetScheduling(Server.Priority, context, server->Cpus[(int)cpu].Time) == Status.Ok
            && thread.SetBuffer(buffer, 0) == Status.Ok;
        if (!made)
        {
            return false;
        }
        *ThreadContext.At(slotBase) = new ThreadContext { Body = body, StackSlot = StackSlot };
        return thread.WriteRegisters(SystemCalls.ThreadStartAddress, stackEnd, 0) == Status.Ok
            && thread.Resume() == Status.Ok;
    }
}
