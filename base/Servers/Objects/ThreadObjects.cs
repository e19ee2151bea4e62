using Skerry.Abi;
using Skerry.Base.Kernel;
using Skerry.Base.Memory;
using Skerry.Base.RegionMaps;
using Skerry.Base.Sessions;

namespace Skerry.Base.Servers.Objects;

/// <summary>Makes and destroys threads of children. The service lock is held.</summary>
internal static unsafe class ThreadObjects
{
    private const int ObjectsPerThread = 3;
    private const uint HighestPriority = 63;

    private static Resources Cost => new(1ul << UntypedAllocator<ServerKernel>.PageBits, 1);

    /// <summary>A thread on one of the server's CPUs, not started.</summary>
    /// <param name="server">Whose domain it is.</param>
    /// <param name="pd">The domain.</param>
    /// <param name="cpu">Of the thread, by index among the server's.</param>
    /// <param name="priority">As the client says it.</param>
    /// <param name="messageBuffer">An address of the domain's; 0 for none.</param>
    /// <param name="announcer">The number of who asks (<see cref="Server.AnnouncerOf"/>).</param>
    /// <param name="record">The thread.</param>
    public static ThreadResult Create(
        Server* server,
        ProtectionDomain* pd,
        uint cpu,
        uint priority,
        ulong messageBuffer,
        int announcer,
        out ThreadRecord* record
    )
    {
        record = null;
        CapabilitySlot buffer = default;
        ulong bufferOffset = 0;
        if (messageBuffer != 0)
        {
            // The kernel writes messages there: what the thread may only read, a ROM module say, is no buffer. It is of the
            // window that a fault there would map, so that it goes when that is detached.
            FaultOutcome outcome = server->Mapping.Resolve(
                pd->Map,
                messageBuffer,
                FaultAccess.Write | FaultAccess.User,
                announcer,
                out Resolution resolution
            );
            if (outcome != FaultOutcome.Resolved)
            {
                return outcome == FaultOutcome.OutOfResources ? ThreadResult.OutOfRam : ThreadResult.InvalidArgument;
            }
            buffer = resolution.Window;
            bufferOffset = resolution.Offset;
        }
        ChargeResult charged = pd->Account.Charge(Cost);
        if (charged != ChargeResult.Ok)
        {
            return charged == ChargeResult.OutOfRam ? ThreadResult.OutOfRam : ThreadResult.OutOfCapabilities;
        }
        record = Make(server, pd, server->Cpus[(int)cpu].ClusterIndex);
        if (record == null)
        {
            pd->Account.Refund(Cost);
            return ThreadResult.OutOfRam;
        }
        record->Pd = pd;
        record->Cpu = cpu;
        record->Next = pd->Threads;
        pd->Threads = record;
        if (!Configure(record, server->Cpus[(int)cpu].Time, Within(pd, priority), buffer, bufferOffset))
        {
            Destroy(server, record);
            record = null;
            return ThreadResult.InvalidArgument;
        }
        return ThreadResult.Ok;
    }

    /// <summary>What its configuration gives a component bounds all its threads.</summary>
    private static uint Within(ProtectionDomain* pd, uint priority)
    {
        bool isBounded = pd->Child != null && !pd->IsServer;
        return isBounded && priority > pd->Child->Record.Priority ? pd->Child->Record.Priority : priority;
    }

    /// <summary>Stops the thread wherever it is and gives back all that it cost.</summary>
    public static void Destroy(Server* server, ThreadRecord* record)
    {
        ProtectionDomain* pd = record->Pd;
        ThreadRecord** link = &pd->Threads;
        while (*link != record)
        {
            link = &(*link)->Next;
        }
        *link = record->Next;
        server->Retire(record->Handle);
        // A pager of another CPU may be at its fault, on its time: what it runs on must not go before it is done.
        record->Thread.Suspend();
        ProtectionDomains.AwaitPagers(server);
        server->Untyped.Free(record->Block);
        server->Slots.GiveRun(record->Thread.Slot, ObjectsPerThread);
        server->Mapping.ForgetThread(pd->Map, record->Handle.Value);
        if (record->Crashed != null)
        {
            // As a rule the thread itself, which is gone. A server below may have given its cookie to one of its own.
            server->Callers.Answer(record->Crashed, HeldAnswer.Again);
        }
        if (record->Finished != null)
        {
            // As a rule the thread itself, which is gone. To anybody else it says that this object is.
            server->Callers.Answer(record->Finished, new HeldAnswer((ulong)ThreadResult.InvalidThread, default, 0));
        }
        server->LetGo(record->Notification);
        pd->Account.Refund(Cost);
        RecordPool.Give(record);
    }

    private static ThreadRecord* Make(Server* server, ProtectionDomain* pd, uint clusterCpu)
    {
        ThreadRecord* record = pd->Account.Records.TryTake<ThreadRecord>();
        UntypedBlock* block =
            record == null ? null : server->Untyped.TryAllocate(UntypedAllocator<ServerKernel>.PageBits);
        CapabilitySlot first = block == null ? default : server->Slots.TryTakeRun(ObjectsPerThread);
        ObjectHandle handle = first.IsNull ? default : server->Objects.Add(&pd->Handles, ObjectKind.Thread, record);
        if (handle.IsNull)
        {
            Undo(server, record, block, first);
            return null;
        }
        var memory = new UntypedCapability(block->Slot);
        record->Handle = handle;
        record->Block = block;
        record->Thread = new ThreadCapability(first);
        record->Context = new SchedContextCapability(first.Next());
        record->Reply = first.Next(2);
        memory.RetypeObject(ObjectType.Thread, clusterCpu, record->Thread.Slot);
        memory.RetypeObject(ObjectType.SchedContext, clusterCpu, record->Context.Slot);
        memory.RetypeObject(ObjectType.Reply, clusterCpu, record->Reply);
        return record;
    }

    private static bool Configure(
        ThreadRecord* record,
        SchedControlCapability control,
        uint priority,
        CapabilitySlot buffer,
        ulong bufferOffset
    )
    {
        ProtectionDomain* pd = record->Pd;
        uint scaled = Scaled(priority);
        record->Priority = scaled;
        ThreadCapability thread = record->Thread;
        return thread.SetSpaces(pd->Table, pd->Space, record->Handle.Value) == Status.Ok
            && record->Context.TakeTurns(control) == Status.Ok
            && thread.SetScheduling(scaled, record->Context, control) == Status.Ok
            && thread.SetReply(new ReplyCapability(record->Reply)) == Status.Ok
            && (buffer.IsNull || thread.SetBuffer(new FrameCapability(buffer), bufferOffset) == Status.Ok);
    }

    /// <summary>What the kernel is told of a priority that a child's configuration or the child itself says.</summary>
    public static uint Scaled(uint priority)
    {
        uint clipped = priority > HighestPriority ? HighestPriority : priority;
        return clipped * Server.MaximumChildPriority / HighestPriority;
    }

    private static void Undo(Server* server, ThreadRecord* record, UntypedBlock* block, CapabilitySlot first)
    {
        if (!first.IsNull)
        {
            server->Slots.GiveRun(first, ObjectsPerThread);
        }
        if (block != null)
        {
            server->Untyped.Free(block);
        }
        if (record != null)
        {
            RecordPool.Give(record);
        }
    }
}
