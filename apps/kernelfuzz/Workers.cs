using System.Runtime.CompilerServices;
using Skerry.Abi;
using Skerry.Apps.KernelTests;
using Skerry.Base.Kernel;

namespace Skerry.Apps.KernelFuzz;

/// <summary>
/// The threads that make the calls. What they are made of is held here, where no call of theirs reaches; their tables
/// have copies of some.
/// </summary>
internal static unsafe class Workers
{
    private const ulong StackPages = 2;
    private const FrameRights ReadWrite = FrameRights.Read | FrameRights.Write;

    private static List threads;
    private static CpuList endpoints;
    private static CpuList pagerTables;
    private static SpaceList faultTables;

    /// <summary>Those that the shared tables name, for scenes.</summary>
    public static uint CountNamed => Count < Layout.MostNamed ? Count : Layout.MostNamed;

    public static uint Count => Supervisor.Cpus * Layout.WorkersPerCpu;

    public static ThreadCapability Thread(uint worker) => threads[(int)worker].Thread;

    public static void Make(ulong seed)
    {
        for (uint i = 0; i < Layout.Spaces; i++)
        {
            faultTables[(int)i] = Playground.Make(ObjectType.CapTable, 0, 5).Value;
            Workshop.Must(Playground.Space(i).SetFaultTable(new CapTableCapability(FaultTableOf(i))));
        }
        for (uint cpu = 0; cpu < Supervisor.Cpus; cpu++)
        {
            MakePagerObjects(cpu);
        }
        for (uint i = 0; i < Count; i++)
        {
            MakeOne(i);
            ref WorkerRecord record = ref Board.Shared.Records[(int)i];
            record.State = Draw.Mix(seed + i);
            record.CallsSeen = record.Calls;
            record.Looks = 0;
        }
    }

    private static CapabilitySlot FaultTableOf(uint space) => new(faultTables[(int)space]);

    private static void MakePagerObjects(uint cpu)
    {
        CapabilitySlot endpoint = Playground.Make(ObjectType.Endpoint, cpu);
        var table = new CapTableCapability(Playground.Make(ObjectType.CapTable, cpu, Pager.TableBits));
        endpoints[(int)cpu] = endpoint.Value;
        pagerTables[(int)cpu] = table.Slot.Value;
        var own = CapTableCapability.Own;
        var capability = new EndpointCapability(endpoint);
        Workshop.Must(table.Copy(new CapabilitySlot(Pager.Endpoint), own, capability.Slot, EndpointRights.All));
        Supervisor.GiveBell(table, Pager.Bell);
        for (uint i = 0; i < Pager.Frames; i++)
        {
            Playground.MakeIn(table, Pager.FirstFrame + i, ObjectType.Frame, cpu, 0, 1);
        }
        for (uint i = 0; i < Pager.Replies; i++)
        {
            Playground.MakeIn(table, Pager.FirstReply + i, ObjectType.Reply, cpu, 0, 0);
        }
        for (uint i = 0; i < Layout.Spaces; i++)
        {
            var faults = new CapTableCapability(FaultTableOf(i));
            Workshop.Must(
                faults.Mint(new CapabilitySlot(FaultTable.SlotFor(cpu)), own, capability, EndpointRights.All, i + 1)
            );
        }
    }

    private static void MakeOne(uint index)
    {
        uint cpu = index / Layout.WorkersPerCpu;
        AddressSpaceCapability space = Playground.Space(index);
        ref Parts parts = ref threads[(int)index];
        parts.Thread = new ThreadCapability(Playground.Make(ObjectType.Thread, cpu));
        parts.Reply = new ReplyCapability(Playground.Make(ObjectType.Reply, cpu));
        parts.Context = new SchedContextCapability(Playground.Make(ObjectType.SchedContext, cpu));
        parts.Buffer = new FrameCapability(Playground.Make(ObjectType.Frame, cpu, 0, 1));
        var stack = new FrameCapability(Playground.Make(ObjectType.Frame, cpu, 0, StackPages));
        ulong top = Layout.StackTop(index);
        Playground.Map(space, stack, top - StackPages * UserLayout.PageSize, ReadWrite, StackPages);
        Playground.Map(space, parts.Buffer, top - UserLayout.StackSlotSize, ReadWrite, 1);
        if (index % Layout.WorkersPerCpu == 0)
        {
            var table = new CapTableCapability(new CapabilitySlot(pagerTables[(int)cpu]));
            var thread = new CapabilitySlot(Pager.Thread);
            Workshop.Must(table.Copy(thread, CapTableCapability.Own, parts.Thread.Slot, ObjectRights.All));
        }
    }

    /// <summary>From the start, whatever the thread is in and whatever it has lost. Fails only if chance takes it away again.</summary>
    public static void Start(uint index)
    {
        uint cpu = index / Layout.WorkersPerCpu;
        ref Parts parts = ref threads[(int)index];
        bool isPager = index % Layout.WorkersPerCpu == 0;
        CapTableCapability table = isPager
            ? new CapTableCapability(new CapabilitySlot(pagerTables[(int)cpu]))
            : Playground.Table(index);
        parts.Thread.Suspend();
        Undo(parts.Thread, cpu);
        parts.Thread.SetSpaces(table, Playground.Space(index), index);
        // Where the table has it, which others may revoke.
        uint buffer = (Layout.FirstNested + index % Layout.Tables) << 24 | Layout.Buffers + index;
        bool isNamed = !isPager && index < CountNamed;
        if (!isNamed || parts.Thread.SetBuffer(new FrameCapability(new CapabilitySlot(buffer)), 0) != Status.Ok)
        {
            parts.Thread.SetBuffer(parts.Buffer, 0);
        }
        // A worker's is one of those in its table, where answers through it can come from.
        uint shared =
            (Layout.FirstNested + index % Layout.Tables) << 24 | Layout.FirstSlot(ObjectType.Reply) + index % 8;
        parts.Thread.SetReply(isPager ? parts.Reply : new ReplyCapability(new CapabilitySlot(shared)));
        parts.Context.Configure(2000, 0, Workshop.Control(cpu));
        parts.Thread.SetScheduling(PriorityOf(index), parts.Context, Workshop.Control(cpu));
        parts.Thread.WriteRegisters(
            SystemCalls.ThreadStartAddress,
            Layout.StackTop(index),
            Program.WorkerArgument | index
        );
        parts.Thread.Resume();
    }

    /// <summary>Others may have moved it, and made it stop at every instruction.</summary>
    private static void Undo(ThreadCapability thread, uint cpu)
    {
        Traps.Invoke(thread.Slot, (ulong)ThreadOperation.SetCpu, Workshop.Control(cpu).Slot.Value);
        Traps.Invoke(thread.Slot, (ulong)ThreadOperation.SetSingleStep, 0);
        Traps.Invoke(thread.Slot, (ulong)ThreadOperation.SetFaults, 0);
        for (ulong i = 0; i < 4; i++)
        {
            Traps.Invoke(thread.Slot, (ulong)ThreadOperation.ClearBreakpoint, i);
        }
    }

    /// <summary>Behind all else in a shared table; what is there already stays.</summary>
    public static void Name(CapTableCapability table)
    {
        for (uint i = 0; i < CountNamed; i++)
        {
            if (i % Layout.WorkersPerCpu == 0)
            {
                // The pagers are out of reach.
                continue;
            }
            ref Parts parts = ref threads[(int)i];
            var own = CapTableCapability.Own;
            table.Copy(new CapabilitySlot(Layout.Selves + i), own, parts.Thread.Slot, ObjectRights.All);
            table.Copy(new CapabilitySlot(Layout.Contexts + i), own, parts.Context.Slot, ObjectRights.All);
            table.Copy(new CapabilitySlot(Layout.Buffers + i), own, parts.Buffer.Slot, ReadWrite);
        }
    }

    private static uint PriorityOf(uint index) =>
        index % Layout.WorkersPerCpu == 0 ? 40 : 10 + index % Layout.WorkersPerCpu / 2 * 10;

    private struct Parts
    {
        public ThreadCapability Thread;
        public ReplyCapability Reply;
        public SchedContextCapability Context;
        public FrameCapability Buffer;
    }

    [InlineArray(Board.MaximumWorkers)]
    private struct List
    {
        private Parts _parts;
    }

    [InlineArray(Abi.Boot.BootInformation.MaximumCpus)]
    private struct CpuList
    {
        private uint _slot;
    }

    [InlineArray((int)Layout.Spaces)]
    private struct SpaceList
    {
        private uint _slot;
    }
}
