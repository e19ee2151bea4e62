using Skerry.Abi;
using Skerry.Base.Kernel;
using Skerry.Base.Memory;

namespace Skerry.Base.Servers;

/// <summary>
/// What a server maps into its own address space, by itself: its bookkeeping, its threads' stacks, and for a moment the
/// memory of children that it fills. It lies where region maps never attach anything.
/// </summary>
public unsafe struct OwnSpace
{
    /// <summary>Where a server's bookkeeping lies, and behind it, its other own mappings.</summary>
    public const ulong BookkeepingBase = 0x2000_0000_0000;
    private const ulong Base = BookkeepingBase + 0x80_0000_0000;

    /// <summary>Where memory is mapped for a moment; the service lock protects it.</summary>
    public const ulong ScratchBase = BookkeepingBase + 0x100_0000_0000;

    private AddressSpaceCapability _space;
    private CapabilitySlot _memory;
    private SlotPool* _slots;
    private ulong _next;
    private ulong _scratch;
    private ulong _scratchBase;

    /// <summary>Page tables come out of an untyped that is the server's own.</summary>
    public void Initialise(
        AddressSpaceCapability space,
        CapabilitySlot memory,
        SlotPool* slots,
        ulong scratchBase = ScratchBase
    )
    {
        _space = space;
        _memory = memory;
        _slots = slots;
        _next = Base;
        _scratchBase = scratchBase;
        _scratch = scratchBase;
    }

    /// <summary>Maps a frame at an address of this space's choice, for good.</summary>
    /// <returns>Null if a table could not be made.</returns>
    public byte* Map(FrameCapability frame, ulong pages, FrameRights rights)
    {
        ulong address = _next;
        _next += (pages + 1) * UserLayout.PageSize;
        return MapAt(frame, address, pages, rights) ? (byte*)address : null;
    }

    /// <summary>Maps for a moment: until <see cref="EndScratch"/>.</summary>
    /// <returns>Null if it could not be mapped.</returns>
    public byte* MapScratch(FrameCapability frame, ulong pages, FrameRights rights)
    {
        ulong address = _scratch;
        _scratch += (pages + 1) * UserLayout.PageSize;
        return MapAt(frame, address, pages, rights) ? (byte*)address : null;
    }

    /// <summary>The addresses are used again; the frames' windows have been unmapped or deleted.</summary>
    public void EndScratch() => _scratch = _scratchBase;

    public bool MapAt(FrameCapability frame, ulong address, ulong pages, FrameRights rights)
    {
        ulong mapped = 0;
        while (mapped < pages)
        {
            ulong rest = pages - mapped;
            uint count = rest < CallLimits.Pages ? (uint)rest : CallLimits.Pages;
            ulong offset = mapped * UserLayout.PageSize;
            Status status = frame.Map(_space, rights, address + offset, offset, count, out ulong detail);
            if (status == Status.Ok)
            {
                mapped += detail;
            }
            else if (status != Status.MissingPageTable || !AddTable(address + offset, (int)detail))
            {
                return false;
            }
        }
        return true;
    }

    /// <summary>The tables above a lowest one that somebody else brings. That of the second level is missing.</summary>
    public bool AddTablesAbove(ulong address)
    {
        if (!MakeTable(out PageTableCapability table))
        {
            return false;
        }
        Status status = table.Map(_space, address, 2);
        if (status == Status.MissingPageTable && AddTable(address, 3))
        {
            status = table.Map(_space, address, 2);
        }
        return IsMapped(table, status);
    }

    private bool AddTable(ulong address, int level) =>
        MakeTable(out PageTableCapability table) && IsMapped(table, table.Map(_space, address, level));

    /// <summary>One that could not be mapped is of no use.</summary>
    private bool IsMapped(PageTableCapability table, Status status)
    {
        if (status != Status.Ok)
        {
            CapTableCapability.Own.Delete(table.Slot);
            _slots->Give(table.Slot);
        }
        return status == Status.Ok;
    }

    private bool MakeTable(out PageTableCapability table)
    {
        CapabilitySlot slot = _slots->TryTake();
        table = new PageTableCapability(slot);
        bool made =
            !slot.IsNull && new UntypedCapability(_memory).RetypeObject(ObjectType.PageTable, 0, slot) == Status.Ok;
        if (!made && !slot.IsNull)
        {
            _slots->Give(slot);
        }
        return made;
    }
}
