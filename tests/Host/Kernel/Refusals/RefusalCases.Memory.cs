using System.Collections.Generic;
using Skerry.Abi;
using static Skerry.Tests.Host.Kernel.RefusalWorld;

namespace Skerry.Tests.Host.Kernel;

/// <summary>Frames, page tables and address spaces.</summary>
internal static partial class RefusalCases
{
    private const ulong PageSize = UserLayout.PageSize;
    private const FrameRights ReadWrite = FrameRights.Read | FrameRights.Write;

    private static Refusal Map(
        Status status,
        uint frame = Frame,
        uint space = Space,
        FrameRights rights = ReadWrite,
        ulong address = MappedAt + 16 * PageSize,
        ulong offset = 0,
        ulong pages = 1
    ) => new(frame, (ulong)FrameOperation.Map, status, World.Pack(space, (uint)rights), address, offset, pages);

    private static Refusal MapTable(
        Status status,
        ulong address,
        ulong level,
        uint table = PageTable,
        uint space = Space
    ) => new(table, (ulong)PageTableOperation.Map, status, space, address, level);

    private static Refusal Derive(Status status, ulong offset, ulong pages, uint slot = Empty, uint table = 0) =>
        new(Frame, (ulong)FrameOperation.Derive, status, World.Pack(table, slot), offset, pages);

    private static void AddMemory(Dictionary<string, Refusal> cases)
    {
        cases["map: no address space"] = Map(Status.WrongObjectType, space: Endpoint);
        cases["map: empty slot for the address space"] = Map(Status.InvalidCapability, space: Empty);
        cases["map: no rights"] = Map(Status.MissingRight, rights: FrameRights.None);
        cases["map: write without read"] = Map(Status.MissingRight, rights: FrameRights.Write);
        cases["map: address not aligned"] = Map(Status.Misaligned, address: MappedAt + 1);
        cases["map: offset not aligned"] = Map(Status.Misaligned, offset: 8);
        cases["map: no pages"] = Map(Status.InvalidArgument, pages: 0);
        cases["map: more pages than at once"] = Map(Status.InvalidArgument, pages: CallLimits.Pages + 1);
        cases["map: pages beyond the frame"] = Map(Status.InvalidArgument, offset: 2 * PageSize, pages: 3);
        cases["map: offset beyond the frame"] = Map(Status.InvalidArgument, offset: 4 * PageSize);
        cases["map: kernel address"] = Map(Status.InvalidAddress, address: 0xffff_8000_0000_0000);
        cases["map: window over the end"] = Map(Status.InvalidAddress, address: UserLayout.UserEnd - PageSize);
        cases["map: window before the start"] = Map(Status.InvalidAddress, address: 0, offset: PageSize);
        cases["map: no page table"] = Map(Status.MissingPageTable, address: 0x8000_0000_0000 - (1ul << 39));
        cases["map: over another page"] = Map(Status.AlreadyMapped, address: MappedAt);
        cases["map: a second window"] = Map(Status.AlreadyMapped, frame: MappedFrame);
        cases["map: window in another space"] = Map(
            Status.AlreadyMapped,
            frame: MappedFrame,
            space: World.Space,
            address: MappedAt
        );
        cases["unmap: what is not mapped"] = new(Frame, (ulong)FrameOperation.Unmap, Status.NotMapped);
        cases["derive: offset not aligned"] = Derive(Status.Misaligned, 1, 1);
        cases["derive: no pages"] = Derive(Status.InvalidArgument, 0, 0);
        cases["derive: beyond the frame"] = Derive(Status.InvalidArgument, 3 * PageSize, 2);
        cases["derive: offset beyond the frame"] = Derive(Status.InvalidArgument, 4 * PageSize, 1);
        cases["derive: to a slot in use"] = Derive(Status.SlotOccupied, 0, 1, Endpoint);
        cases["derive: into what is no table"] = Derive(Status.WrongObjectType, 0, 1, 1, Endpoint);
        cases["map table: level 0"] = MapTable(Status.InvalidArgument, MappedAt, 0);
        cases["map table: level 4"] = MapTable(Status.InvalidArgument, MappedAt, 4);
        cases["map table: kernel address"] = MapTable(Status.InvalidAddress, 0xffff_8000_0000_0000, 3);
        cases["map table: upper table missing"] = MapTable(Status.MissingPageTable, 1ul << 40, 1);
        cases["map table: another is there"] = MapTable(Status.AlreadyMapped, MappedAt, 1);
        cases["map table: is mapped"] = MapTable(Status.AlreadyMapped, MappedAt + (2 << 20), 1, MappedTable);
        cases["map table: no address space"] = MapTable(Status.WrongObjectType, MappedAt, 1, space: Endpoint);
        cases["unmap table: what is not mapped"] = new(PageTable, (ulong)PageTableOperation.Unmap, Status.NotMapped);
        cases["query: kernel address"] = new(
            Space,
            (ulong)AddressSpaceOperation.Query,
            Status.InvalidAddress,
            UserLayout.UserEnd
        );
        cases["query: nothing there"] = new(
            Space,
            (ulong)AddressSpaceOperation.Query,
            Status.NotMapped,
            MappedAt + PageSize
        );
        cases["fault table: no table"] = new(
            Space,
            (ulong)AddressSpaceOperation.SetFaultTable,
            Status.WrongObjectType,
            Endpoint
        );
        cases["fault table: nothing"] = new(
            Space,
            (ulong)AddressSpaceOperation.SetFaultTable,
            Status.InvalidCapability,
            Empty
        );
    }
}
