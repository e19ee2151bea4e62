using System.Runtime.CompilerServices;
using Skerry.Abi;
using Skerry.Kernel.Capabilities;
using Skerry.Kernel.Cluster;
using Skerry.Kernel.Objects;

namespace Skerry.Kernel.Memory;

/// <summary>Pages to map, as user level asks for them.</summary>
internal unsafe struct MappingRequest
{
    public AddressSpace* Space;
    public PageAttributes Attributes;

    /// <summary>Virtual address of the first page, and where that page lies in the frame, bytes.</summary>
    public ulong Address;
    public ulong Offset;

    /// <summary>Of the attributes' size.</summary>
    public ulong Pages;

    public readonly int Level => PageTables.LevelOf(Attributes.Size);

    public readonly ulong PageBytes => PageSizes.BytesOf(Attributes.Size);

    /// <summary>Where page 0 of the frame has its place.</summary>
    public readonly ulong Window => Address - Offset;
}

/// <summary>
/// Mapping pages of frames. A Frame capability has one window: where its page 0 lies, in one address space. Its pages
/// enter the window one by one or many at a time, and leave it together. Under the cluster lock.
/// </summary>
/// <remarks>The other parts: one page in the plain case (Mapping.One), and unmapping (Mapping.Unmap).</remarks>
internal static unsafe partial class Mapping
{
    /// <summary>
    /// Maps pages as far as one page table reaches. `detail` tells how many; or, with MissingPageTable, the level that is
    /// missing; or the index of the word to blame.
    /// </summary>
    public static Status Map(
        Cpu* cpu,
        Capability* frame,
        AddressSpace* space,
        ulong attributes,
        ulong address,
        ulong offset,
        ulong pages,
        out ulong detail
    )
    {
        if (pages == 1 && MapOne(frame, space, attributes, address, offset))
        {
            detail = 1;
            return Status.Ok;
        }
        return MapSome(cpu, frame, space, attributes, address, offset, pages, out detail);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    public static Status MapSome(
        Cpu* cpu,
        Capability* frame,
        AddressSpace* space,
        ulong attributes,
        ulong address,
        ulong offset,
        ulong pages,
        out ulong detail
    )
    {
        ClusterLock.MustBeHeld();
        MappingRequest request = default;
        request.Space = space;
        request.Attributes = new PageAttributes((uint)attributes);
        request.Address = address;
        request.Offset = offset;
        request.Pages = pages;
        Status status = Check(frame, ref request, out detail);
        return status == Status.Ok ? Enter(cpu, frame, ref request, out detail) : status;
    }

    private static Status Check(Capability* frame, ref MappingRequest request, out ulong blame)
    {
        blame = 0;
        if (!request.Attributes.IsKnown)
        {
            return Status.InvalidArgument;
        }
        if (request.Attributes.Size == PageSize.GiB1 && !PageTables.HasGiB1)
        {
            return Status.PageSizeUnsupported;
        }
        FrameRights rights = request.Attributes.Rights & (FrameRights)frame->Rights;
        if ((rights & FrameRights.Read) == 0)
        {
            return Status.MissingRight;
        }
        request.Attributes = request.Attributes.With(rights);
        Status status = CheckRange(frame, ref request, out blame);
        return status == Status.Ok ? CheckWindow(frame, ref request, out blame) : status;
    }

    private static Status CheckRange(Capability* frame, ref MappingRequest request, out ulong blame)
    {
        ulong withinPage = request.PageBytes - 1;
        blame = 1;
        if ((request.Address & withinPage) != 0)
        {
            return Status.Misaligned;
        }
        blame = 2;
        // The offset itself too: its sum with the address of the frame hides what is below 4 KiB of neither.
        if (
            (request.Offset & (UserLayout.PageSize - 1)) != 0
            || ((frame->PhysicalBase + request.Offset) & withinPage) != 0
        )
        {
            return Status.Misaligned;
        }
        ulong first = request.Offset / UserLayout.PageSize;
        if (first >= frame->Extent)
        {
            return Status.InvalidArgument;
        }
        blame = 3;
        ulong room = (frame->Extent - first) / (request.PageBytes / UserLayout.PageSize);
        return request.Pages is 0 or > CallLimits.Pages || request.Pages > room ? Status.InvalidArgument : Status.Ok;
    }

    /// <summary>The whole window must be user space, as unmap clears the whole window.</summary>
    private static Status CheckWindow(Capability* frame, ref MappingRequest request, out ulong blame)
    {
        blame = 1;
        bool isInside =
            request.Offset <= request.Address
            && PageTables.IsUserRange(request.Window, frame->Extent * UserLayout.PageSize);
        if (!isInside)
        {
            return Status.InvalidAddress;
        }
        AddressSpace* mappedIn = frame->MappedIn;
        if (mappedIn == null)
        {
            return Status.Ok;
        }
        if (IsUnmapping(frame))
        {
            return Status.InvalidState;
        }
        bool agrees = mappedIn == request.Space && frame->WindowAddress == request.Window;
        return agrees ? Status.Ok : Status.AlreadyMapped;
    }

    private static Status Enter(Cpu* cpu, Capability* frame, ref MappingRequest request, out ulong detail)
    {
        int level = request.Level;
        ulong* entry = PageTables.Descend(request.Space, request.Address, level, out int reached);
        if (reached != level)
        {
            detail = *entry == 0 ? (ulong)(reached - 1) : 1;
            return *entry == 0 ? Status.MissingPageTable : Status.AlreadyMapped;
        }
        ulong room = (ulong)(PageTables.EntriesPerTable - PageTables.IndexAt(request.Address, level));
        ulong count = request.Pages < room ? request.Pages : room;
        ulong first = PageTableEntry.ForPage(frame->PhysicalBase + request.Offset, request.Attributes).Value;
        detail = 1;
        if (!AreOwn(entry, count, first, request.PageBytes))
        {
            return Status.AlreadyMapped;
        }
        frame->SetMapping(request.Space, request.Window);
        if (Fill(entry, count, first, request.PageBytes))
        {
            TranslationCache.FlushPages(cpu, request.Space, request.Address, count, request.PageBytes);
        }
        detail = count;
        return Status.Ok;
    }

    /// <summary>
    /// An entry may be empty or show the same page: mapping anew with other attributes is allowed. A table, be it empty,
    /// is something else.
    /// </summary>
    private static bool AreOwn(ulong* entry, ulong count, ulong value, ulong pageBytes)
    {
        for (ulong* end = entry + count; entry < end; entry++, value += pageBytes)
        {
            ulong existing = *entry;
            if (existing != 0 && !new PageTableEntry(existing).ShowsSamePageAs(new PageTableEntry(value)))
            {
                return false;
            }
        }
        return true;
    }

    /// <returns>Whether an entry that was in use changed, which CPUs may have cached.</returns>
    private static bool Fill(ulong* entry, ulong count, ulong value, ulong pageBytes)
    {
        ulong replaced = 0;
        for (ulong* end = entry + count; entry < end; entry++, value += pageBytes)
        {
            ulong existing = *entry;
            if (!new PageTableEntry(existing).Equals(new PageTableEntry(value)))
            {
                replaced |= existing;
                *entry = value;
            }
        }
        return replaced != 0;
    }
}
