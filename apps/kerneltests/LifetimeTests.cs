using System.Threading;
using Skerry.Abi;
using Skerry.Base.Kernel;

namespace Skerry.Apps.KernelTests;

/// <summary>
/// What a thread of CPU 1 is using is taken away from CPU 0, again and again: its message buffer while it makes long calls,
/// its address space while it runs, its fault table while it faults. Nothing to do on one CPU.
/// </summary>
internal static unsafe class LifetimeTests
{
    private const uint Place = 1;
    private const uint Priority = 20;
    private const uint PagerPriority = 30;
    private const int LongWords = 10;
    private const ulong BufferRounds = 200;
    private const ulong SpaceRounds = 100;
    private const ulong TableRounds = 500;

    private const ulong BufferWindow = UserLayout.AttachBase + 0x300_0000;
    private const ulong Pattern = 0x0dd_ba11;
    private const ulong FirstBadge = 500;

    /// <summary>An address that shows nothing, where a thread faults as soon as it runs.</summary>
    private const ulong Nowhere = CodePage.Data + UserLayout.PageSize;

    /// <summary>Of the data page: what the thread at CodePage.Count counts.</summary>
    private const int Counted = 5;

    private static ulong calls;
    private static ulong refusals;
    private static ulong faults;
    private static ulong wrong;

    public static bool Run() => Workshop.Facts->CpuCount < 2 || Spaces() & FaultTables() & Buffers();

    private static bool Buffers()
    {
        EndpointCapability echo = MessageTests.StartEcho(Workshop.OwnSpace, Place, out Worker server);
        Worker caller = Worker.Make(Workshop.OwnSpace, Place, Priority, Role.LongCaller, echo.Slot);
        caller.Start();
        FrameCapability frame = Workshop.Frame(1);
        Workshop.Map(Workshop.OwnSpace, frame, BufferWindow, FrameRights.Read | FrameRights.Write, 1);
        ulong late = 0;
        for (ulong round = 0; round < BufferRounds; round++)
        {
            Workshop.Must(caller.Thread.Suspend());
            Workshop.Must(caller.Thread.SetBuffer(frame, 0));
            Workshop.Must(caller.Thread.Resume());
            AwaitMore(ref calls, 2 + round % 5);
            Workshop.Must(CapTableCapability.Own.Revoke(frame.Slot));
            late += WritesAfterwards();
        }
        Workshop.Must(caller.Thread.Suspend());
        Workshop.Must(server.Thread.Suspend());
        bool passed = late == 0 && wrong == 0 && refusals != 0;
        Console.Test("buffers-taken-away"u8, passed, "late writes"u8, late);
        wrong = 0;
        return passed;
    }

    /// <summary>From when Revoke has returned the page is this program's alone.</summary>
    private static ulong WritesAfterwards()
    {
        var words = (ulong*)BufferWindow;
        for (int i = 0; i < LongWords; i++)
        {
            words[i] = Pattern;
        }
        AwaitMore(ref calls, 2);
        ulong late = 0;
        for (int i = 0; i < LongWords; i++)
        {
            late += Volatile.Read(ref words[i]) == Pattern ? 0ul : 1ul;
        }
        return late;
    }

    /// <summary>Ten words, which the buffer is needed for; without one the call is refused.</summary>
    public static void CallLong(EndpointCapability endpoint)
    {
        while (true)
        {
            var message = new Message { Info = MessageInfo.Of(0, LongWords) };
            Status status = endpoint.Call(ref message);
            refusals += status == Status.MessageTooLong ? 1ul : 0ul;
            // Cancelled: it was suspended while it waited for the answer.
            wrong += status is Status.Ok or Status.MessageTooLong or Status.Cancelled ? 0ul : 1ul;
            Volatile.Write(ref calls, calls + 1);
        }
    }

    /// <summary>The last capability to the address space is the one that the running thread holds by itself.</summary>
    private static bool Spaces()
    {
        UntypedCapability memory = Workshop.Untyped(15);
        CapabilitySlot space = Workshop.Slots(1);
        CapabilitySlot tables = Workshop.Slots(3);
        Worker worker = CodePage.Thread(Place, Priority, CodePage.Count);
        ulong before = FaultsOfPlace();
        ulong running = 0;
        for (ulong round = 0; round < SpaceRounds; round++)
        {
            AddressSpaceCapability made = MakeSpace(memory, space, tables);
            Workshop.Must(worker.Thread.SetSpaces(CapTableCapability.Own, made, 0));
            Workshop.Must(worker.Thread.WriteRegisters(CodePage.Count, CodePage.Data, 0));
            Workshop.Must(CapTableCapability.Own.Delete(space));
            Workshop.Must(worker.Thread.Resume());
            AwaitMore(ref CodePage.Word(Counted), 1);
            Workshop.Must(CapTableCapability.Own.Revoke(memory.Slot));
            running += worker.State == ThreadState.Inactive ? 0ul : 1ul;
        }
        ulong unreal = FaultsOfPlace() - before;
        Console.Test("spaces-taken-away"u8, unreal + running == 0, "faults"u8, unreal);
        return unreal + running == 0;
    }

    /// <summary>With the code page. Revoke takes the newest first, so the page tables outlive the space.</summary>
    private static AddressSpaceCapability MakeSpace(
        UntypedCapability memory,
        CapabilitySlot slot,
        CapabilitySlot tables
    )
    {
        const int levels = 3;
        Workshop.Must(memory.Retype(ObjectType.PageTable, 0, 0, levels, CapTableCapability.Own, tables, 0));
        Workshop.Must(memory.RetypeObject(ObjectType.AddressSpace, 0, slot));
        var space = new AddressSpaceCapability(slot);
        for (int level = levels; level > 0; level--)
        {
            var table = new PageTableCapability(new CapabilitySlot(tables.Value + (uint)level - 1));
            Workshop.Must(table.Map(space, CodePage.Code, level));
        }
        CodePage.ShowIn(space);
        return space;
    }

    private static ulong FaultsOfPlace()
    {
        var cpu = new CpuControlCapability(new CapabilitySlot((uint)InitialSlot.FirstCpuControl + Place));
        Workshop.Must(cpu.ReadCounters(out CpuCounters counters));
        return counters[CpuCounter.FaultsDelivered];
    }

    /// <summary>Two tables of different sizes, with two badges of one pager: all faults arrive, with either.</summary>
    private static bool FaultTables()
    {
        var endpoint = new EndpointCapability(Workshop.Make(ObjectType.Endpoint, Place));
        CapTableCapability large = FaultTable(endpoint, 8, FirstBadge);
        CapTableCapability small = FaultTable(endpoint, 2, FirstBadge + 1);
        Worker pager = Worker.Make(Workshop.OwnSpace, Place, PagerPriority, Role.FaultCounter, endpoint.Slot);
        pager.Start();
        while (pager.State != ThreadState.Receiving)
        {
            Processor.Yield();
        }
        pager.MakePassive(PagerPriority);
        Workshop.Must(CodePage.Space.SetFaultTable(large));
        Worker faulter = CodePage.Thread(Place, Priority, Nowhere);
        faulter.Start();
        for (ulong round = 0; round < TableRounds; round++)
        {
            Workshop.Must(CodePage.Space.SetFaultTable(round % 2 == 0 ? small : large));
        }
        AwaitMore(ref faults, 2);
        Workshop.Must(faulter.Thread.Suspend());
        Console.Test("fault-tables-replaced"u8, wrong == 0, "faults"u8, faults);
        return wrong == 0;
    }

    private static CapTableCapability FaultTable(EndpointCapability endpoint, int sizeBits, ulong badge)
    {
        CapTableCapability table = Workshop.CapTable(sizeBits);
        var slot = new CapabilitySlot(Abi.FaultTable.SlotFor(Place));
        Workshop.Must(table.Mint(slot, CapTableCapability.Own, endpoint, EndpointRights.Send, badge));
        return table;
    }

    /// <summary>A plain answer: the faulter tries again.</summary>
    public static void CountFaults(EndpointCapability endpoint)
    {
        endpoint.Recv(out Message message);
        while (true)
        {
            bool isFault = message.Info.IsFromKernel && message.Info.Label == (ulong)FaultLabel.Page;
            bool isExpected = message.Badge is FirstBadge or FirstBadge + 1 && message.Word0 == Nowhere;
            wrong += isFault && isExpected ? 0ul : 1ul;
            Volatile.Write(ref faults, faults + 1);
            message = Message.Of(0);
            endpoint.ReplyRecv(ref message);
        }
    }

    private static void AwaitMore(ref ulong counter, ulong more)
    {
        ulong before = Volatile.Read(ref counter);
        while (Volatile.Read(ref counter) - before < more)
        {
            Processor.Yield();
        }
    }
}
