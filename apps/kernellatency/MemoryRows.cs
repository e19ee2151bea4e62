using Skerry.Abi;
using Skerry.Apps.KernelTests;
using Skerry.Base.Kernel;

namespace Skerry.Apps.KernelLatency;

/// <summary>Untyped memory, frames, page tables and address spaces.</summary>
internal static unsafe class MemoryRows
{
    private const ulong Window = UserLayout.AttachBase + 0x4000_0000;
    private const uint WindowPages = 1536;
    private const uint TablePages = 512;

    private static AddressSpaceCapability space;

    public static void Run()
    {
        Sweep.Row("zero-1-mib"u8, &Subject.Clear, &MakeMebibyte);
        Sweep.Row("retype-64-frames"u8, &Subject.Clear, &RetypeFrames);
        Sweep.Row("retype-32-threads"u8, &Subject.Clear, &RetypeThreads);
        Sweep.Row("retype-64-endpoints"u8, &Subject.Clear, &RetypeEndpoints);
        Sweep.Row("retype-64-notifications"u8, &Subject.Clear, &RetypeNotifications);
        Sweep.Row("retype-8-spaces"u8, &Subject.Clear, &RetypeSpaces);
        Sweep.Row("delete-space"u8, &MakeSpace, &Subject.DeleteFirst);
        Sweep.Row("map-256"u8, &MakeFrame, &MapMost);
        Sweep.Row("remap-256"u8, &MakeMapped, &Remap);
        Sweep.Row("unmap-1536"u8, &MakeMapped, &Unmap);
        Sweep.Row("unmap-empty-window"u8, &MakeEmptyWindow, &Unmap);
        Sweep.Row("delete-mapped-frame"u8, &MakeMapped, &DeleteFrame);
        Sweep.Row("unmap-table"u8, &MakeMapped, &UnmapTable);
        Sweep.Row("revoke-512-mapped"u8, &MakeMappedPages, &RevokeAll);
        Sweep.Row("derive-frame"u8, &MakeFrame, &Derive);
        Sweep.Row("query-page"u8, &Subject.Clear, &Query);
    }

    /// <summary>What every CPU has to do with.</summary>
    public static void RunMany()
    {
        Sweep.Row("zero-1-mib"u8, &Subject.Clear, &MakeMebibyte);
        Sweep.Row("delete-space"u8, &MakeSpace, &Subject.DeleteFirst);
    }

    /// <summary>One object, of which every page is to be zeroed.</summary>
    public static void MakeMebibyte() => Subject.Make(ObjectType.Frame, 1, pages: 256);

    public static void Reset() => Subject.Check(Subject.Memory.Reset());

    private static void RetypeFrames() => Subject.Make(ObjectType.Frame, CallLimits.Objects, pages: 1);

    public static void RetypeThreads() => Subject.Make(ObjectType.Thread, CallLimits.Threads);

    public static void RetypeEndpoints() => Subject.Make(ObjectType.Endpoint, CallLimits.Objects);

    private static void RetypeNotifications() => Subject.Make(ObjectType.Notification, CallLimits.Objects);

    public static void RetypeSpaces() => Subject.Make(ObjectType.AddressSpace, CallLimits.AddressSpaces);

    private static void MakeSpace()
    {
        Subject.Clear();
        Subject.Make(ObjectType.AddressSpace, 1);
        Subject.Make(ObjectType.CapTable, 1, 1, sizeBits: 8);
        space = new AddressSpaceCapability(Subject.Slot(0));
        Subject.Check(space.SetFaultTable(new CapTableCapability(Subject.Slot(1))));
        Subject.Delete(1);
    }

    private const uint FrameAt = 1;
    private const uint TablesAt = 2;

    private static FrameCapability Frame => new(Subject.Slot(FrameAt));

    /// <summary>An address space with the tables of the window, and a frame.</summary>
    private static void MakeFrame()
    {
        Subject.Clear();
        Subject.Make(ObjectType.AddressSpace, 1);
        space = new AddressSpaceCapability(Subject.Slot(0));
        Subject.Make(ObjectType.Frame, 1, FrameAt, pages: WindowPages);
        MakeTables();
    }

    private static void MakeTables()
    {
        Subject.Make(ObjectType.PageTable, 5, TablesAt);
        uint next = TablesAt;
        for (int level = 3; level > 1; level--)
        {
            Subject.Check(Table(next++).Map(space, Window, level));
        }
        for (ulong i = 0; i < WindowPages / TablePages; i++)
        {
            Subject.Check(Table(next++).Map(space, Window + i * TablePages * UserLayout.PageSize, 1));
        }
    }

    private static PageTableCapability Table(uint index) => new(Subject.Slot(index));

    private static void MapMost() => Map(0, FrameRights.Read | FrameRights.Write);

    private static void Map(ulong page, FrameRights rights)
    {
        ulong offset = page * UserLayout.PageSize;
        Subject.Check(Frame.Map(space, rights, Window + offset, offset, CallLimits.Pages, out _));
    }

    public static void MakeMapped()
    {
        MakeFrame();
        for (ulong page = 0; page < WindowPages; page += CallLimits.Pages)
        {
            Map(page, FrameRights.Read | FrameRights.Write);
        }
    }

    public static void Remap() => Map(0, FrameRights.Read);

    public static void Unmap() => Subject.Check(Frame.Unmap());

    /// <summary>One page is mapped, and the rest of the window has tables with nothing of it.</summary>
    private static void MakeEmptyWindow()
    {
        MakeFrame();
        Subject.Check(Frame.Map(space, FrameRights.Read, Window, 0, 1, out _));
    }

    private static void DeleteFrame() => Subject.Delete(FrameAt);

    private static void UnmapTable() => Subject.Check(Table(TablesAt + 2).Unmap());

    private const uint PagesAt = 16;

    private static void MakeMappedPages()
    {
        Subject.Clear();
        Subject.Make(ObjectType.AddressSpace, 1);
        space = new AddressSpaceCapability(Subject.Slot(0));
        MakeTables();
        for (uint i = 0; i < TablePages; i += CallLimits.Objects)
        {
            Subject.Make(ObjectType.Frame, CallLimits.Objects, PagesAt + i, pages: 1);
        }
        for (uint i = 0; i < TablePages; i++)
        {
            var page = new FrameCapability(Subject.Slot(PagesAt + i));
            Subject.Check(page.Map(space, FrameRights.Read, Window + i * UserLayout.PageSize, 0, 1, out _));
        }
    }

    private static void RevokeAll() => Subject.Check(CapTableCapability.Own.Revoke(Subject.Memory.Slot));

    private static void Derive() =>
        Subject.Check(Frame.Derive(CapTableCapability.Own, Subject.Slot(PagesAt), UserLayout.PageSize, 1));

    public static void Query() => Subject.Check(Workshop.OwnSpace.Query(UserLayout.ImageBase, out _, out _));
}
