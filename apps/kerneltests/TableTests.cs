using System.Threading;
using Skerry.Abi;
using Skerry.Base.Kernel;
using Skerry.Base.Measurement;

namespace Skerry.Apps.KernelTests;

/// <summary>Tables in tables, slots that change places, sends that are cut off, and long deletions beside the timer.</summary>
internal static unsafe class TableTests
{
    private const int SmallBits = 4;
    private const int LargeBits = 15;
    private const uint Priority = 45;
    private const ulong BudgetMicroseconds = 50;
    private const ulong PeriodMicroseconds = 200;

    /// <summary>A slot that the short form of a nested address can name, and that the kernel left free.</summary>
    private static readonly CapabilitySlot _low = new(200);

    private static ulong cancelled;
    private static ulong sent;

    public static bool Run() => Swap() & Nested() & CancelledSends() & LongDeletions();

    private static bool Check(System.ReadOnlySpan<byte> name, Status actual, Status expected)
    {
        bool passed = actual == expected;
        Console.Test(name, passed, "status"u8, (ulong)actual);
        return passed;
    }

    private static Status NBSendTo(ulong address)
    {
        var request = new SystemCallFrame { Number = (ulong)SystemCall.NBSend, Address = address };
        return SystemCalls.Trap(ref request);
    }

    private static bool Swap()
    {
        CapTableCapability own = CapTableCapability.Own;
        CapabilitySlot endpoint = Workshop.Make(ObjectType.Endpoint);
        CapabilitySlot copy = Workshop.Slots(1);
        CapabilitySlot frame = Workshop.Frame(1).Slot;
        Workshop.Must(own.Copy(copy, own, endpoint, EndpointRights.Send));
        // Parent and child change places; then the child and a stranger.
        Workshop.Must(own.Swap(endpoint, own, copy));
        Workshop.Must(own.Swap(frame, own, endpoint));
        bool passed = Check("swap-moves-rights"u8, new EndpointCapability(frame).Recv(out _), Status.MissingRight);
        passed &= Check("swap-moves-type"u8, NBSendTo(endpoint.Value), Status.WrongObjectType);
        passed &= Check("swap-with-itself"u8, own.Swap(copy, own, copy), Status.InvalidArgument);
        Workshop.Must(own.Revoke(copy));
        passed &= Check("swap-keeps-derivation"u8, NBSendTo(frame.Value), Status.InvalidCapability);
        return passed & Check("swap-with-nothing"u8, own.Swap(copy, own, frame), Status.InvalidCapability);
    }

    private static bool Nested()
    {
        CapTableCapability own = CapTableCapability.Own;
        UntypedCapability memory = Workshop.Untyped(12);
        Workshop.Must(memory.RetypeCapTable(SmallBits, _low));
        var table = new CapTableCapability(_low);
        CapabilitySlot endpoint = Workshop.Make(ObjectType.Endpoint);
        Workshop.Must(table.Copy(new CapabilitySlot(3), own, endpoint, EndpointRights.All));
        ulong through = _low.Value;
        bool passed = Check("nested-use"u8, NBSendTo(through | 3ul << 32), Status.WouldBlock);
        passed &= Check("nested-short"u8, NBSendTo(through << 24 | 3), Status.WouldBlock);
        passed &= Check("nested-empty"u8, NBSendTo(through | 4ul << 32), Status.InvalidCapability);
        passed &= Check("nested-outside"u8, NBSendTo(through | 16ul << 32), Status.InvalidCapability);
        passed &= Check("nested-no-table"u8, NBSendTo(endpoint.Value | 3ul << 32), Status.NotATable);
        passed &= Check("nested-nothing"u8, NBSendTo(201 | 3ul << 32), Status.MissingTable);
        var operand = new EndpointCapability(new CapabilitySlot(_low.Value << 24 | 3));
        passed &= Check("nested-operand"u8, new EndpointCapability(endpoint).JoinGroup(operand), Status.Ok);
        Workshop.Must(own.Delete(_low));
        passed &= Check("nested-deleted"u8, NBSendTo(through | 3ul << 32), Status.MissingTable);
        passed &= Check("reset"u8, memory.Reset(), Status.Ok);
        return passed;
    }

    /// <summary>What the threads of <see cref="CancelledSends"/> do: one send, whose end they count.</summary>
    public static void Send(EndpointCapability endpoint)
    {
        Status status = endpoint.Send(Message.Of(1));
        if (status == Status.Cancelled)
        {
            Volatile.Write(ref cancelled, cancelled + 1);
        }
        else if (status == Status.Ok)
        {
            Volatile.Write(ref sent, sent + 1);
        }
        Worker.WaitForEver();
    }

    private static bool CancelledSends()
    {
        CapTableCapability own = CapTableCapability.Own;
        var endpoint = new EndpointCapability(Workshop.Make(ObjectType.Endpoint));
        CapabilitySlot badged = Workshop.Slots(2);
        Workshop.Must(own.Mint(badged, own, endpoint, EndpointRights.All, 1));
        Workshop.Must(own.Mint(badged.Next(), own, endpoint, EndpointRights.All, 2));
        for (uint i = 0; i < 6; i++)
        {
            Worker.Make(Workshop.OwnSpace, 0, Priority, Role.Sender, badged.Next(i % 2)).Start();
        }
        Workshop.Must(new EndpointCapability(badged).CancelBadgedSends());
        bool passed = Volatile.Read(ref cancelled) == 3;
        Console.Test("cancel-badged-sends"u8, passed, "ended"u8, cancelled);
        ulong badges = 0;
        while (endpoint.NBRecv(out Message message) == Status.Ok)
        {
            badges += message.Badge;
        }
        bool others = badges == 6 && Volatile.Read(ref sent) == 3;
        Console.Test("cancel-leaves-others"u8, others, "sum of their badges"u8, badges);
        return passed & others;
    }

    /// <summary>
    /// Beside a thread that the timer wakes every 200 microseconds for 50 of them: it gets its share while a call empties
    /// thousands of slots, so the call is interrupted.
    /// </summary>
    private static bool LongDeletions()
    {
        CapTableCapability own = CapTableCapability.Own;
        CapabilitySlot endpoint = Workshop.Make(ObjectType.Endpoint);
        UntypedCapability memory = Workshop.Untyped(LargeBits + 5);
        CapabilitySlot table = Workshop.Slots(1);
        Workshop.Must(memory.RetypeCapTable(LargeBits, table));
        Worker spinner = Worker.Make(Workshop.OwnSpace, 0, Priority, Role.Count, CapabilitySlot.Null);
        Workshop.Must(spinner.Context.Configure(BudgetMicroseconds, PeriodMicroseconds, Workshop.Control(0)));
        Fill(table, endpoint);
        bool passed = Beside("revoke-is-preempted"u8, spinner, endpoint, revokes: true);
        Fill(table, endpoint);
        passed &= Beside("delete-is-preempted"u8, spinner, table, revokes: false);
        passed &= Check("deleted-whole"u8, own.Delete(memory.Slot), Status.Ok);
        return passed & Check("emptied-whole"u8, own.Delete(endpoint), Status.Ok);
    }

    private static void Fill(CapabilitySlot table, CapabilitySlot endpoint)
    {
        for (uint i = 1; i < 1u << LargeBits; i++)
        {
            Workshop.Must(
                new CapTableCapability(table).Copy(
                    new CapabilitySlot(i),
                    CapTableCapability.Own,
                    endpoint,
                    EndpointRights.Send
                )
            );
        }
    }

    private static bool Beside(System.ReadOnlySpan<byte> name, Worker spinner, CapabilitySlot slot, bool revokes)
    {
        Workshop.Must(spinner.Context.Consumed(out ulong before));
        Workshop.Must(spinner.Thread.Resume());
        CapTableCapability own = CapTableCapability.Own;
        Workshop.Must(revokes ? own.Revoke(slot) : own.Delete(slot));
        Workshop.Must(spinner.Thread.Suspend());
        Workshop.Must(spinner.Context.Consumed(out ulong after));
        ulong slices = (after - before) / (Workshop.Facts->TscHertz / 1_000_000 * BudgetMicroseconds);
        // One slice before the call begins and one after it ends would say nothing, so more are asked for; but only where
        // the counter counts instructions, as a host that is busy elsewhere lets the timer come when the call is over.
        bool counted = BenchLine.CountsInstructions(Workshop.CommandLine);
        bool passed = !counted || slices >= 4;
        Console.Test(name, passed, "slices of the other"u8, slices);
        return passed;
    }
}
