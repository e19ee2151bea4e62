using Skerry.Abi;
using Skerry.Apps.KernelTests;
using Skerry.Base.Kernel;

namespace Skerry.Apps.KernelFuzz;

/// <summary>
/// What the workers play with: everything in it is made of one untyped, so one revoke takes all away, and then all the
/// memory must be there again. It is built anew for each era.
/// </summary>
internal static unsafe partial class Playground
{
    public const int Bits = 23;

    private const uint MostSlots = 3000;
    private const FrameRights ReadWrite = FrameRights.Read | FrameRights.Write;

    private static UntypedCapability memory;
    private static CapabilitySlot firstSlot;
    private static CapabilitySlot boardCopies;
    private static FrameCapability board;
    private static uint nextSlot;

    private static CapTableList tables;
    private static SpaceList spaces;

    /// <summary>Once: what lasts from one era to the next.</summary>
    public static void Open()
    {
        memory = Workshop.Untyped(Bits);
        firstSlot = Workshop.Slots(MostSlots);
        boardCopies = Workshop.Slots(Layout.Spaces);
        board = Workshop.Frame(Layout.BoardPages);
        Workshop.Map(Workshop.OwnSpace, board, Layout.Board, ReadWrite, Layout.BoardPages);
        // The window through which spaces are filled: its table is no part of a playground.
        Workshop.SupplyTable(Workshop.OwnSpace, Layout.Touched, 1);
        for (uint i = 0; i < Layout.Spaces; i++)
        {
            var copy = new CapabilitySlot(boardCopies.Value + i);
            Workshop.Must(board.Derive(CapTableCapability.Own, copy, 0, Layout.BoardPages));
        }
    }

    public static void Build(ulong seed)
    {
        nextSlot = 0;
        for (uint i = 0; i < Layout.Tables; i++)
        {
            tables[(int)i] = new CapTableCapability(Make(ObjectType.CapTable, 0, Layout.TableBits));
            Copy(CapTableCapability.Own, Layout.FirstNested + i, CapTableCapability.Own, tables[(int)i].Slot.Value);
        }
        for (uint i = 0; i < Layout.Spaces; i++)
        {
            spaces[(int)i] = MakeSpace(new FrameCapability(new CapabilitySlot(boardCopies.Value + i)));
        }
        Workers.Make(seed);
        MakeLarge();
        Restock();
    }

    /// <summary>Memory that can be mapped by a page of 2 MiB, in the last slot for frames of the first table.</summary>
    private static void MakeLarge()
    {
        const int bits = 21;
        var block = new UntypedCapability(Make(ObjectType.Untyped, 0, bits));
        var slot = new CapabilitySlot(Layout.FirstSlot(ObjectType.Frame) + Layout.SlotsPerType - 1);
        ulong pages = (1ul << bits) / UserLayout.PageSize;
        Workshop.Must(block.Retype(ObjectType.Frame, 0, 0, 1, tables[0], slot, pages));
    }

    public static void Restock()
    {
        for (uint i = 0; i < Layout.Tables; i++)
        {
            Stock(tables[(int)i]);
        }
        Exchange();
    }

    public static CapTableCapability Table(uint index) => tables[(int)(index % Layout.Tables)];

    public static AddressSpaceCapability Space(uint index) => spaces[(int)(index % Layout.Spaces)];

    /// <summary>Everything goes, in use or not.</summary>
    public static void Revoke() => Workshop.Must(CapTableCapability.Own.Revoke(memory.Slot));

    /// <summary>After <see cref="Revoke"/>, with the supervisors stopped: whether all the memory can be used again.</summary>
    public static bool IsWhole()
    {
        Status whole = memory.RetypeUntyped(Bits, 1, firstSlot);
        Status query = memory.Query(out _, out _, out ulong used);
        Status gone = CapTableCapability.Own.Delete(firstSlot);
        return whole == Status.Ok && query == Status.Ok && gone == Status.Ok && used == 1ul << Bits;
    }

    public static CapabilitySlot Make(ObjectType type, uint cpu, int sizeBits = 0, ulong pages = 0)
    {
        var slot = new CapabilitySlot(firstSlot.Value + nextSlot++);
        Workshop.Must(memory.Retype(type, sizeBits, cpu, 1, CapTableCapability.Own, slot, pages));
        return slot;
    }

    /// <summary>Into another table; only what chance finds full or too small fails.</summary>
    public static void MakeIn(
        CapTableCapability table,
        uint slot,
        ObjectType type,
        uint cpu,
        int sizeBits,
        ulong pages
    ) => Workshop.Must(memory.Retype(type, sizeBits, cpu, 1, table, new CapabilitySlot(slot), pages));

    /// <summary>An address space with this program in it, and the board.</summary>
    private static AddressSpaceCapability MakeSpace(FrameCapability boardCopy)
    {
        var space = new AddressSpaceCapability(Make(ObjectType.AddressSpace, 0));
        const ulong window = Layout.Touched;
        for (ulong address = UserLayout.ImageBase; ; address += UserLayout.PageSize)
        {
            if (Workshop.OwnSpace.Query(address, out _, out FrameRights rights) != Status.Ok)
            {
                break;
            }
            var frame = new FrameCapability(Make(ObjectType.Frame, 0, 0, 1));
            Workshop.Map(Workshop.OwnSpace, frame, window, ReadWrite, 1);
            for (ulong i = 0; i < UserLayout.PageSize; i += 8)
            {
                *(ulong*)(window + i) = *(ulong*)(address + i);
            }
            Workshop.Must(frame.Unmap());
            Map(space, frame, address, rights, 1);
        }
        var code = new FrameCapability(Make(ObjectType.Frame, 0, 0, 1));
        Workshop.Map(Workshop.OwnSpace, code, window, ReadWrite, 1);
        MachineCode.Write((byte*)window);
        Workshop.Must(code.Unmap());
        Map(space, code, Layout.Code, FrameRights.Read | FrameRights.Execute, 1);
        Map(space, boardCopy, Layout.Board, ReadWrite, Layout.BoardPages);
        // The tables for the pages that are touched are there, so that the pagers need none.
        Supply(space, Layout.Touched);
        return space;
    }

    public static void Map(
        AddressSpaceCapability space,
        FrameCapability frame,
        ulong address,
        FrameRights rights,
        ulong pages
    )
    {
        Supply(space, address);
        Workshop.Must(frame.Map(space, rights, address, 0, (uint)pages, out _));
    }

    private static void Supply(AddressSpaceCapability space, ulong address)
    {
        for (int level = 3; level >= 1; level--)
        {
            var table = new PageTableCapability(Make(ObjectType.PageTable, 0));
            if (table.Map(space, address, level) != Status.Ok)
            {
                // There is one; what is left over goes to the workers' tables or stays.
                Workshop.Must(CapTableCapability.Own.Delete(table.Slot));
                nextSlot--;
            }
        }
    }

    [System.Runtime.CompilerServices.InlineArray((int)Layout.Tables)]
    private struct CapTableList
    {
        private CapTableCapability _table;
    }

    [System.Runtime.CompilerServices.InlineArray((int)Layout.Spaces)]
    private struct SpaceList
    {
        private AddressSpaceCapability _space;
    }
}
