using System.Runtime.CompilerServices;
using Skerry.Abi;
using Skerry.Base.Kernel;

namespace Skerry.Base.RegionMaps;

public unsafe partial struct MappingLibrary<TKernel>
{
    /// <summary>Pages of 4 KiB that the entries of one page table map.</summary>
    private const ulong PagesOfTable = 512;

    /// <summary>
    /// Follows a fault through the region maps to the page that is to be mapped. After Resolved the caller names the
    /// window to the kernel at once; it stays announced by who asks until he asks again.
    /// </summary>
    /// <param name="space">The map of the address space that faulted.</param>
    /// <param name="address">The address that was accessed.</param>
    /// <param name="access">What was tried.</param>
    /// <param name="announcer">Number of who asks, a pager or another, from 0, below the limit of <see cref="HazardSlots"/>.</param>
    /// <param name="resolution">What to do.</param>
    public FaultOutcome Resolve(
        RegionMap* space,
        ulong address,
        FaultAccess access,
        int announcer,
        out Resolution resolution
    )
    {
        Follow(space, address, access, out resolution);
        bool goesOn = resolution.Outcome is FaultOutcome.Resolved or FaultOutcome.NeedsForward;
        if (goesOn && (access & (FaultAccess.User | FaultAccess.ReservedBit)) != FaultAccess.User)
        {
            resolution.Outcome = FaultOutcome.NotOfUserMode;
        }
        if (resolution.Outcome == FaultOutcome.Resolved)
        {
            ChooseWindow(ref resolution, announcer);
        }
        else if (resolution.Outcome == FaultOutcome.NeedsForward)
        {
            // Its server is asked behind the locks, and the slot tells then whether the answer is of what is attached there.
            Hazards.Announce(announcer, resolution.Foreign);
        }
        ReleasePath(resolution);
        return resolution.Outcome;
    }

    /// <summary>
    /// The common case of <see cref="Resolve"/>: memory of this server's that is attached to the address space itself. The
    /// window stays announced by who asks until he asks again.
    /// </summary>
    /// <param name="space">The map of the address space that faulted.</param>
    /// <param name="address">The address that was accessed.</param>
    /// <param name="access">What was tried.</param>
    /// <param name="announcer">Number of who asks.</param>
    /// <param name="direct">What to map; undefined if this is no such fault.</param>
    /// <returns>False: nothing has changed, and <see cref="Resolve"/> says what the fault comes to.</returns>
    public bool TryResolveDirect(
        RegionMap* space,
        ulong address,
        FaultAccess access,
        int announcer,
        out DirectResolution direct
    )
    {
        space->Lock.Acquire();
        Region* region = RegionAt(space, address);
        // A window of its own has only a region of a frame, and from its first fault on.
        if (
            region == null
            || !region->HasWindow
            || region->State != RegionState.Active
            || (access & (FaultAccess.User | FaultAccess.ReservedBit)) != FaultAccess.User
            || Violation(region->Rights, access) != FaultOutcome.Resolved
        )
        {
            space->Lock.Release();
            direct = default;
            return false;
        }
        ulong page = address & ~PageMask;
        direct = new DirectResolution(region->Window, region->Rights, page, page - region->Base);
        Hazards.Announce(announcer, region->Window);
        space->Lock.Release();
        return true;
    }

    /// <summary>
    /// Records the frame capability that the server of a foreign dataspace gave for a fault, whose page lies at an offset
    /// in it, with others behind it. Meanwhile the region may have gone: then the capability is deleted, and the outcome is what the fault has
    /// come to now.
    /// </summary>
    public FaultOutcome CompleteForward(
        RegionMap* space,
        FaultAccess access,
        in Resolution forwarded,
        CapabilitySlot frame,
        ulong offset,
        ulong pages,
        int announcer,
        out Resolution resolution
    )
    {
        Follow(space, forwarded.Address, access, out resolution);
        bool same = resolution.Outcome == FaultOutcome.NeedsForward && resolution.Foreign == forwarded.Foreign;
        bool recorded = false;
        if (same && resolution.Offset == forwarded.Offset)
        {
            _windows.Acquire();
            recorded = LinkWindow(resolution.Path, frame, forwarded.Address - offset) != null;
            _windows.Release();
            resolution.Outcome = recorded ? FaultOutcome.Resolved : FaultOutcome.OutOfResources;
            resolution.Window = frame;
            resolution.Offset = offset;
            resolution.Pages = AtOnce(in resolution, pages);
            Hazards.Announce(announcer, frame);
        }
        else if (resolution.Outcome is FaultOutcome.Resolved or FaultOutcome.NeedsForward)
        {
            // Something else is there by now.
            resolution.Outcome = FaultOutcome.Retry;
        }
        ReleasePath(resolution);
        if (!recorded)
        {
            _kernel.Delete(frame);
            _slots->Give(frame);
        }
        return resolution.Outcome;
    }

    /// <summary>
    /// Of pages that follow the one at fault, those that lie in its region, and whose entries are in the same page table.
    /// </summary>
    private static uint AtOnce(in Resolution resolution, ulong pages)
    {
        if (resolution.Path.Length != 1)
        {
            // Where a region of the inner map ends, the outer one may go on.
            return 1;
        }
        ulong ofRegion = (resolution.Path[0]->End - resolution.Address) / UserLayout.PageSize;
        ulong ofTable = PagesOfTable - resolution.Address / UserLayout.PageSize % PagesOfTable;
        ulong most = ofRegion < ofTable ? ofRegion : ofTable;
        most = most < CallLimits.Pages ? most : CallLimits.Pages;
        return (uint)(pages < most ? pages : most);
    }

    /// <summary>Walks inwards, keeping the lock of each map passed; <see cref="ReleasePath"/> gives them back.</summary>
    private static void Follow(RegionMap* space, ulong address, FaultAccess access, out Resolution resolution)
    {
        resolution = default;
        resolution.Address = address & ~PageMask;
        resolution.Rights = FrameRights.All;
        resolution.Map = space;
        resolution.MapAddress = address & ~PageMask;
        resolution.Pages = 1;
        while (true)
        {
            RegionMap* map = resolution.Map;
            map->Lock.Acquire();
            Region* region = RegionAt(map, resolution.MapAddress);
            resolution.Outcome = Step(region, access, ref resolution);
            if (resolution.Outcome != FaultOutcome.Resolved || region->Dataspace->Kind == DataspaceKind.Frame)
            {
                return;
            }
            if (region->Dataspace->Kind == DataspaceKind.Foreign)
            {
                resolution.Outcome = FaultOutcome.NeedsForward;
                resolution.Foreign = region->Dataspace->First.Slot;
                return;
            }
            resolution.MapAddress = resolution.Offset;
            resolution.Map = region->Dataspace->Inner;
        }
    }

    /// <summary>The region that holds an address, which the next fault is likely in too; the map's lock is held.</summary>
    /// <returns>Null if there is none.</returns>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Region* RegionAt(RegionMap* map, ulong address)
    {
        Region* recent = map->Recent;
        if (recent != null && recent->Contains(address))
        {
            return recent;
        }
        Region* region = map->Regions.At(address);
        map->Recent = region == null ? recent : region;
        return region;
    }

    /// <summary>Whether the fault may pass a region, whose map is locked.</summary>
    private static FaultOutcome Step(Region* region, FaultAccess access, ref Resolution resolution)
    {
        if (region == null)
        {
            return FaultOutcome.NoRegion;
        }
        if (region->State == RegionState.Reserved)
        {
            return FaultOutcome.Retry;
        }
        if (!resolution.Path.TryAdd(region))
        {
            return FaultOutcome.RecursionLimit;
        }
        resolution.Rights &= region->Rights;
        resolution.Offset = resolution.MapAddress - region->Base + region->Offset;
        return Violation(resolution.Rights, access);
    }

    private static FaultOutcome Violation(FrameRights rights, FaultAccess access)
    {
        if ((access & FaultAccess.Write) != 0 && (rights & FrameRights.Write) == 0)
        {
            return FaultOutcome.WriteViolation;
        }
        bool execute = (access & FaultAccess.Execute) != 0;
        return execute && (rights & FrameRights.Execute) == 0 ? FaultOutcome.ExecuteViolation : FaultOutcome.Resolved;
    }

    /// <summary>Finds the capability to map with; the locks of the path's maps are held.</summary>
    private void ChooseWindow(ref Resolution resolution, int announcer)
    {
        Region* leaf = resolution.Path[resolution.Path.Length - 1];
        // The window's capability covers the attached part alone, so the offset counts from the region's start.
        resolution.Offset -= leaf->Offset;
        resolution.Window =
            resolution.Path.Length == 1
                ? WindowOf(leaf)
                : PathWindowOf(resolution.Path, resolution.Address - resolution.Offset);
        if (resolution.Window.IsNull)
        {
            resolution.Outcome = FaultOutcome.OutOfResources;
            return;
        }
        Hazards.Announce(announcer, resolution.Window);
    }

    private static void ReleasePath(in Resolution resolution)
    {
        // The innermost map is the last one locked; its region, if any was found to be passable, is last on the path.
        int outer = resolution.Path.Length;
        if (outer > 0 && resolution.Path[outer - 1]->Map == resolution.Map)
        {
            outer--;
        }
        resolution.Map->Lock.Release();
        for (int i = outer - 1; i >= 0; i--)
        {
            resolution.Path[i]->Map->Lock.Release();
        }
    }
}
