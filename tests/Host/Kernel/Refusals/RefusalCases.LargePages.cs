using System.Collections.Generic;
using Skerry.Abi;
using static Skerry.Tests.Host.Kernel.RefusalWorld;

namespace Skerry.Tests.Host.Kernel;

/// <summary>Pages of 2 MiB and 1 GiB, and attributes.</summary>
internal static partial class RefusalCases
{
    private const ulong MiB2 = 2 << 20;
    private const ulong GiB1 = 1 << 30;
    private const ulong OtherTop = 1ul << 40;

    private static Refusal MapAs(
        Status status,
        uint attributes,
        ulong address,
        ulong offset = 0,
        ulong pages = 1,
        uint frame = LargeFrame
    ) => new(frame, (ulong)FrameOperation.Map, status, World.Pack(Space, attributes), address, offset, pages);

    private static Refusal Map2M(
        Status status,
        ulong address = 8 * MiB2,
        ulong offset = 0,
        ulong pages = 1,
        uint frame = LargeFrame
    ) => MapAs(status, PageAttributes.Of(ReadWrite, size: Abi.PageSize.MiB2).Value, address, offset, pages, frame);

    private static Refusal Map1G(Status status, ulong address, ulong offset = 0, ulong pages = 1) =>
        MapAs(status, PageAttributes.Of(ReadWrite, size: Abi.PageSize.GiB1).Value, address, offset, pages);

    private static void AddLargePages(Dictionary<string, Refusal> cases)
    {
        const uint size3 = 3 << PageAttributes.SizeShift;
        cases["map: unknown page size"] = MapAs(Status.InvalidArgument, 1 | size3, 8 * MiB2);
        cases["map: unknown attribute"] = MapAs(Status.InvalidArgument, 1 | 1 << 7, 8 * MiB2);
        cases["map: highest attribute bit"] = MapAs(Status.InvalidArgument, 1 | 1u << 31, 8 * MiB2);
        cases["map: uncached without read"] = MapAs(
            Status.MissingRight,
            PageAttributes.Of(FrameRights.Write, Cacheability.Uncached).Value,
            8 * MiB2
        );
        cases["map 2m: address not aligned"] = Map2M(Status.Misaligned, 8 * MiB2 + PageSize);
        cases["map 2m: memory not aligned"] = Map2M(Status.Misaligned, offset: PageSize);
        cases["map 2m: offset not aligned to a page"] = Map2M(Status.Misaligned, offset: MiB2 + 8);
        cases["map 2m: no pages"] = Map2M(Status.InvalidArgument, pages: 0);
        cases["map 2m: more pages than at once"] = Map2M(Status.InvalidArgument, pages: CallLimits.Pages + 1);
        cases["map 2m: frame shorter than a page"] = Map2M(Status.InvalidArgument, frame: ShortFrame);
        cases["map 2m: pages beyond the frame"] = Map2M(Status.InvalidArgument, offset: 3 * GiB1 - MiB2, pages: 2);
        cases["map 2m: offset beyond the frame"] = Map2M(Status.InvalidArgument, offset: 3 * GiB1);
        cases["map 2m: kernel address"] = Map2M(Status.InvalidAddress, 0xffff_8000_0000_0000);
        cases["map 2m: window over the end"] = Map2M(Status.InvalidAddress, 0x7fff_ffe0_0000);
        cases["map 2m: window before the start"] = Map2M(Status.InvalidAddress, 0, MiB2);
        cases["map 2m: a table is there"] = Map2M(Status.AlreadyMapped, MappedAt);
        cases["map 2m: second of two pages over a table"] = Map2M(Status.AlreadyMapped, MappedAt - MiB2, pages: 2);
        cases["map 2m: another large page is there"] = Map2M(Status.AlreadyMapped, LargeAt);
        cases["map 2m: other memory of the frame is there"] = Map2M(
            Status.AlreadyMapped,
            LargeAt,
            MiB2,
            frame: OtherLargeFrame
        );
        cases["map 2m: no top table"] = Map2M(Status.MissingPageTable, OtherTop);
        cases["map 2m: no upper table"] = Map2M(Status.MissingPageTable, GiB1);
        cases["map 4k: into a large page"] = Map(Status.AlreadyMapped, address: LargeAt + 16 * PageSize);
        cases["map 4k: the large page's own memory"] = MapAs(
            Status.AlreadyMapped,
            (uint)ReadWrite,
            LargeAt + PageSize,
            PageSize,
            frame: OtherLargeFrame
        );
        cases["map table: a large page is there"] = MapTable(Status.AlreadyMapped, LargeAt + PageSize, 1);
        cases["map 1g: address not aligned"] = Map1G(Status.Misaligned, GiB1 + MiB2);
        cases["map 1g: memory not aligned"] = Map1G(Status.Misaligned, GiB1, MiB2);
        cases["map 1g: pages beyond the frame"] = Map1G(Status.InvalidArgument, GiB1, pages: 4);
        cases["map 1g: a table is there"] = Map1G(Status.AlreadyMapped, 0);
        cases["map 1g: no top table"] = Map1G(Status.MissingPageTable, OtherTop);
        cases["map 1g: window over the end"] = Map1G(Status.InvalidAddress, 0x7fff_4000_0000);
    }
}
