using System.Collections.Generic;
using Skerry.Abi;
using static Skerry.Tests.Host.Kernel.RefusalWorld;

namespace Skerry.Tests.Host.Kernel;

/// <summary>Invocations that are refused.</summary>
internal static partial class RefusalCases
{
    private const ulong Nonsense = 99;

    public static IReadOnlyDictionary<string, Refusal> All { get; } = Collect();

    private static Dictionary<string, Refusal> Collect()
    {
        var cases = new Dictionary<string, Refusal>();
        AddCapabilities(cases);
        AddUntyped(cases);
        AddMemory(cases);
        AddLargePages(cases);
        AddThreads(cases);
        AddControls(cases);
        AddInterrupts(cases);
        AddPorts(cases);
        AddParking(cases);
        foreach (
            uint slot in new[]
            {
                World.Untyped,
                World.Own,
                PageTable,
                Frame,
                Space,
                Fresh,
                Context,
                Endpoint,
                World.MemoryControl,
                World.IrqControl,
                OpenLine,
                World.Ports,
                World.FirstCpuControl,
                World.FirstSchedControl,
            }
        )
        {
            cases[$"slot {slot}: no such operation"] = new(slot, Nonsense, Status.UnknownOperation, 1);
        }
        AddAddresses(cases);
        foreach (uint slot in new[] { Reply, Notification })
        {
            cases[$"slot {slot}: nothing to invoke"] = new(slot, 1, Status.WrongObjectType);
        }
        return cases;
    }

    private static Refusal OnTable(
        CapTableOperation operation,
        Status status,
        uint slot,
        uint source = Endpoint,
        uint table = 0,
        ulong badge = 1
    ) => new(World.Own, (ulong)operation, status, World.Pack(slot, table), World.Pack(source, 7), badge);

    private static void AddCapabilities(Dictionary<string, Refusal> cases)
    {
        cases["invoke: empty slot"] = new(Empty, 1, Status.InvalidCapability);
        cases["invoke: slot 0"] = new(0, 1, Status.InvalidCapability);
        cases["invoke: slot outside"] = new(1 << World.TableBits, 1, Status.InvalidCapability);
        cases["copy: to slot 0"] = OnTable(CapTableOperation.Copy, Status.InvalidArgument, 0);
        cases["copy: to a slot outside"] = OnTable(
            CapTableOperation.Copy,
            Status.InvalidArgument,
            1 << World.TableBits
        );
        cases["copy: to a slot in use"] = OnTable(CapTableOperation.Copy, Status.SlotOccupied, Reply);
        cases["copy: of nothing"] = OnTable(CapTableOperation.Copy, Status.InvalidCapability, Empty, Empty + 1);
        cases["copy: from a slot outside"] = OnTable(
            CapTableOperation.Copy,
            Status.InvalidArgument,
            Empty,
            1 << World.TableBits
        );
        cases["copy: from what is no table"] = OnTable(
            CapTableOperation.Copy,
            Status.WrongObjectType,
            Empty,
            1,
            Endpoint
        );
        cases["copy: from an empty slot as table"] = OnTable(
            CapTableOperation.Copy,
            Status.InvalidCapability,
            Empty,
            1,
            Empty + 1
        );
        cases["copy: of untyped memory"] = OnTable(
            CapTableOperation.Copy,
            Status.WrongObjectType,
            Empty,
            World.Untyped
        );
        cases["copy: of a page table"] = OnTable(CapTableOperation.Copy, Status.WrongObjectType, Empty, PageTable);
        cases["copy: of a Reply object"] = OnTable(CapTableOperation.Copy, Status.WrongObjectType, Empty, Reply);
        cases["mint: without a badge"] = OnTable(CapTableOperation.Mint, Status.InvalidArgument, Empty, badge: 0);
        cases["mint: of what has a badge"] = OnTable(CapTableOperation.Mint, Status.InvalidState, Empty, Badged);
        cases["mint: of what has none"] = OnTable(CapTableOperation.Mint, Status.WrongObjectType, Empty, Frame);
        cases["move: of nothing"] = OnTable(CapTableOperation.Move, Status.InvalidCapability, Empty, Empty + 1);
        cases["move: to a slot in use"] = OnTable(CapTableOperation.Move, Status.SlotOccupied, Reply);
        cases["delete: of nothing"] = OnTable(CapTableOperation.Delete, Status.InvalidCapability, Empty);
        cases["delete: of untyped memory in use"] = OnTable(
            CapTableOperation.Delete,
            Status.HasChildren,
            World.Untyped
        );
        cases["copy: onto itself"] = OnTable(CapTableOperation.Copy, Status.SlotOccupied, Endpoint);
        cases["copy: to a slot of 32 bits"] = OnTable(CapTableOperation.Copy, Status.InvalidArgument, uint.MaxValue);
        cases["copy: from a slot of 32 bits"] = OnTable(
            CapTableOperation.Copy,
            Status.InvalidArgument,
            Empty,
            uint.MaxValue
        );
        cases["copy: from slot 0"] = OnTable(CapTableOperation.Copy, Status.InvalidArgument, Empty, 0);
        cases["copy: from outside another table"] = OnTable(
            CapTableOperation.Copy,
            Status.InvalidArgument,
            Empty,
            16,
            Table
        );
        cases["copy: from an empty slot of another table"] = OnTable(
            CapTableOperation.Copy,
            Status.InvalidCapability,
            Empty,
            15,
            Table
        );
        cases["mint: of nothing"] = OnTable(CapTableOperation.Mint, Status.InvalidCapability, Empty, Empty + 1);
        cases["mint: to a slot in use"] = OnTable(CapTableOperation.Mint, Status.SlotOccupied, Reply);
        cases["mint: of untyped memory"] = OnTable(
            CapTableOperation.Mint,
            Status.WrongObjectType,
            Empty,
            World.Untyped
        );
        cases["move: onto itself"] = OnTable(CapTableOperation.Move, Status.SlotOccupied, Endpoint);
        cases["move: to slot 0"] = OnTable(CapTableOperation.Move, Status.InvalidArgument, 0);
        cases["move: from a slot outside"] = OnTable(CapTableOperation.Move, Status.InvalidArgument, Empty, 1024);
        cases["swap: with nothing"] = OnTable(CapTableOperation.Swap, Status.InvalidCapability, Reply, Empty);
        cases["swap: of nothing"] = OnTable(CapTableOperation.Swap, Status.InvalidCapability, Empty);
        cases["swap: with itself"] = OnTable(CapTableOperation.Swap, Status.InvalidArgument, Endpoint);
        cases["swap: with slot 0"] = OnTable(CapTableOperation.Swap, Status.InvalidArgument, Reply, 0);
        cases["swap: with a slot outside"] = OnTable(CapTableOperation.Swap, Status.InvalidArgument, Reply, 1024);
        cases["swap: with what is in no table"] = OnTable(
            CapTableOperation.Swap,
            Status.WrongObjectType,
            Reply,
            1,
            Endpoint
        );
        cases["delete: slot 0"] = OnTable(CapTableOperation.Delete, Status.InvalidArgument, 0);
        cases["delete: slot outside"] = OnTable(CapTableOperation.Delete, Status.InvalidArgument, 1024);
        cases["revoke: slot 0"] = OnTable(CapTableOperation.Revoke, Status.InvalidArgument, 0);
        cases["revoke: slot outside"] = OnTable(CapTableOperation.Revoke, Status.InvalidArgument, 1024);
        cases["revoke: of nothing"] = OnTable(CapTableOperation.Revoke, Status.InvalidCapability, Empty);
    }

    /// <summary>Addresses that go through a table: of the invoked capability, and in the short form of operands.</summary>
    private static void AddAddresses(Dictionary<string, Refusal> cases)
    {
        const ulong copy = (ulong)CapTableOperation.Copy;
        cases["nested: through an empty slot"] = new(World.Pack(Empty, 1), 1, Status.MissingTable);
        cases["nested: through a slot outside"] = new(World.Pack(1024, 1), 1, Status.MissingTable);
        cases["nested: through slot 0"] = new(World.Pack(0, 1), 1, Status.InvalidCapability);
        cases["nested: through what is no table"] = new(World.Pack(Endpoint, 1), 1, Status.NotATable);
        cases["nested: an empty slot"] = new(World.Pack(Table, 1), 1, Status.InvalidCapability);
        cases["nested: outside the table"] = new(World.Pack(Table, 16), 1, Status.InvalidCapability);
        cases["nested: all bits"] = new(ulong.MaxValue, 1, Status.MissingTable);
        cases["nested: a kernel address"] = new(0xffff_8000_0000_1000, 1, Status.MissingTable);
        cases["nested: its wrong type"] = new(World.Pack(World.Own, Reply), 1, Status.WrongObjectType);
        cases["short: through an empty slot"] = OnTable(
            CapTableOperation.Copy,
            Status.MissingTable,
            Empty,
            1,
            31u << 24 | 1
        );
        cases["short: through what is no table"] = OnTable(
            CapTableOperation.Copy,
            Status.NotATable,
            Empty,
            1,
            Endpoint << 24 | 1
        );
        cases["short: slot 0 of a table"] = OnTable(
            CapTableOperation.Copy,
            Status.InvalidCapability,
            Empty,
            1,
            Table << 24
        );
        cases["short: outside a table"] = OnTable(
            CapTableOperation.Copy,
            Status.InvalidCapability,
            Empty,
            1,
            Table << 24 | 16
        );
        cases["short: what is no table in a table"] = OnTable(
            CapTableOperation.Copy,
            Status.WrongObjectType,
            Empty,
            1,
            World.Own << 24 | Endpoint
        );
        cases["nested: invoked with a wrong operand"] = new(
            World.Pack(World.Own, Table),
            copy,
            Status.InvalidArgument,
            World.Pack(16, 0),
            World.Pack(Endpoint, 7)
        );
        const ulong cancel = (ulong)EndpointOperation.CancelBadgedSends;
        cases["cancel: may only send"] = new(SendOnly, cancel, Status.MissingRight);
        cases["cancel: a Reply object"] = new(Reply, cancel, Status.WrongObjectType);
        const ulong join = (ulong)EndpointOperation.JoinGroup;
        cases["join group: may not receive"] = new(SendOnly, join, Status.MissingRight, Endpoint);
        cases["join group: with one that may not receive"] = new(Endpoint, join, Status.MissingRight, SendOnly);
        cases["join group: with nothing"] = new(Endpoint, join, Status.InvalidCapability, Empty);
        cases["join group: with a notification"] = new(Endpoint, join, Status.WrongObjectType, Notification);
        cases["join group: through no table"] = new(Endpoint, join, Status.NotATable, Endpoint << 24 | 1);
        cases["reset: in use"] = new(World.Untyped, (ulong)UntypedOperation.Reset, Status.HasChildren);
        cases["zero: beyond the end"] = new(
            World.Untyped,
            (ulong)UntypedOperation.Zero,
            Status.InvalidArgument,
            (1ul << 40) + 1
        );
    }

    private static Refusal Retype(
        Status status,
        ulong word0,
        uint slot = Empty,
        uint table = 0,
        ulong pages = 1,
        uint untyped = World.Untyped
    ) => new(untyped, (ulong)UntypedOperation.Retype, status, word0, World.Pack(table, slot), pages);

    private static void AddUntyped(Dictionary<string, Refusal> cases)
    {
        ulong endpoint = World.RetypeWord(ObjectType.Endpoint);
        cases["retype: into nothing"] = Retype(Status.InvalidArgument, World.RetypeWord(ObjectType.None));
        cases["retype: into a doorbell"] = Retype(Status.InvalidArgument, World.RetypeWord(ObjectType.Doorbell));
        cases["retype: into an interrupt handler"] = Retype(
            Status.InvalidArgument,
            World.RetypeWord(ObjectType.IrqHandler)
        );
        cases["retype: no object"] = Retype(Status.InvalidArgument, World.RetypeWord(ObjectType.Endpoint, count: 0));
        cases["retype: too many objects"] = Retype(
            Status.InvalidArgument,
            World.RetypeWord(ObjectType.Endpoint, count: CallLimits.Objects + 1)
        );
        cases["retype: too many threads"] = Retype(
            Status.InvalidArgument,
            World.RetypeWord(ObjectType.Thread, count: CallLimits.Threads + 1)
        );
        cases["retype: no such CPU"] = Retype(Status.InvalidArgument, World.RetypeWord(ObjectType.Endpoint, cpu: 2));
        cases["retype: untyped too small"] = Retype(
            Status.InvalidArgument,
            World.RetypeWord(ObjectType.Untyped, sizeBits: 5)
        );
        cases["retype: untyped too large"] = Retype(
            Status.InvalidArgument,
            World.RetypeWord(ObjectType.Untyped, sizeBits: 47)
        );
        cases["retype: table of one slot"] = Retype(
            Status.InvalidArgument,
            World.RetypeWord(ObjectType.CapTable, sizeBits: 0)
        );
        cases["retype: table too large"] = Retype(
            Status.InvalidArgument,
            World.RetypeWord(ObjectType.CapTable, sizeBits: 25)
        );
        cases["retype: frame without pages"] = Retype(
            Status.InvalidArgument,
            World.RetypeWord(ObjectType.Frame),
            pages: 0
        );
        cases["retype: frame too large"] = Retype(
            Status.InvalidArgument,
            World.RetypeWord(ObjectType.Frame),
            pages: 1 << 25
        );
        cases["retype: frame of more than 32 bits"] = Retype(
            Status.InvalidArgument,
            World.RetypeWord(ObjectType.Frame),
            pages: 1ul << 32 | 1
        );
        cases["retype: too many address spaces"] = Retype(
            Status.InvalidArgument,
            World.RetypeWord(ObjectType.AddressSpace, count: CallLimits.AddressSpaces + 1)
        );
        cases["retype: slot 0"] = Retype(Status.InvalidArgument, endpoint, 0);
        cases["retype: slots outside"] = Retype(Status.InvalidArgument, World.RetypeWord(ObjectType.Endpoint, 4), 1022);
        cases["retype: slots wrap around"] = Retype(
            Status.InvalidArgument,
            World.RetypeWord(ObjectType.Endpoint, 4),
            uint.MaxValue - 1
        );
        cases["retype: one slot in use"] = Retype(
            Status.SlotOccupied,
            World.RetypeWord(ObjectType.Endpoint, 4),
            Endpoint - 3
        );
        cases["retype: no such table"] = Retype(Status.InvalidCapability, endpoint, 1, Empty);
        cases["retype: into what is no table"] = Retype(Status.WrongObjectType, endpoint, 1, Endpoint);
        cases["retype: no room"] = Retype(
            Status.OutOfMemory,
            World.RetypeWord(ObjectType.PageTable, 2),
            untyped: SmallUntyped
        );
        cases["retype: no room for so many"] = Retype(
            Status.OutOfMemory,
            World.RetypeWord(ObjectType.Untyped, CallLimits.Objects, 46),
            600
        );
    }
}
