using Skerry.Abi;
using Skerry.Base.Kernel;
using Skerry.Base.Memory;

namespace Skerry.Base.RegionMaps;

public unsafe partial struct MappingLibrary<TKernel>
{
    /// <summary>
    /// The window of a region of a frame, made at the first fault: what lies in a managed dataspace, or is never touched,
    /// needs none. The lock of its map is held.
    /// </summary>
    /// <returns>The null slot if the kernel refuses.</returns>
    private CapabilitySlot WindowOf(Region* region)
    {
        region->HasWindow = region->HasWindow || Derive(region, region->Window);
        return region->HasWindow ? region->Window : default;
    }

    /// <summary>A capability that covers the attached part alone, so the kernel itself keeps mappings inside it.</summary>
    private bool Derive(Region* region, CapabilitySlot slot)
    {
        ulong offset = region->Offset - region->Part->Offset;
        return _kernel.Derive(region->Part->Slot, slot, offset, region->Size / UserLayout.PageSize) == Status.Ok;
    }

    /// <summary>
    /// The window of a frame that was reached through managed dataspaces, made at the first fault. The locks of the
    /// path's maps are held. The null slot if records or slots are used up.
    /// </summary>
    private CapabilitySlot PathWindowOf(in FaultPath path, ulong windowBase)
    {
        _windows.Acquire();
        PathWindow* window = FindWindow(path, windowBase);
        if (window == null)
        {
            window = NewWindow(path, windowBase);
        }
        _windows.Release();
        return window == null ? default : window->Slot;
    }

    /// <returns>Null if records or slots are used up.</returns>
    private PathWindow* NewWindow(in FaultPath path, ulong windowBase)
    {
        CapabilitySlot slot = _slots->TryTake();
        if (slot.IsNull)
        {
            return null;
        }
        bool isMade = Derive(path[path.Length - 1], slot);
        PathWindow* window = isMade ? LinkWindow(path, slot, windowBase) : null;
        if (window != null)
        {
            return window;
        }
        if (isMade)
        {
            _kernel.Delete(slot);
        }
        _slots->Give(slot);
        return null;
    }

    /// <summary>
    /// That of exactly these regions, as it goes with any of them: where two pieces of a map lie side by side in an outer one,
    /// the region inside appears at the same base through either.
    /// </summary>
    private static PathWindow* FindWindow(in FaultPath path, ulong windowBase)
    {
        for (PathLink* link = path[path.Length - 1]->Windows; link != null; link = link->Next)
        {
            if (link->Window->Base == windowBase && IsOf(link->Window, path))
            {
                return link->Window;
            }
        }
        return null;
    }

    private static bool IsOf(PathWindow* window, in FaultPath path)
    {
        int same = 0;
        while (same < window->Length && same < path.Length && LinkAt(window, same)->Region == path[same])
        {
            same++;
        }
        return same == window->Length && same == path.Length;
    }

    /// <summary>
    /// Records a window with every region of its path; the window lock is held. It costs the account of the address space a
    /// capability: there can be as many as there are pieces of memory times places where they are attached.
    /// </summary>
    /// <returns>Null if the account can't pay, or no record is left.</returns>
    private PathWindow* LinkWindow(in FaultPath path, CapabilitySlot slot, ulong windowBase)
    {
        RegionMap* space = path[0]->Map;
        if (space->Account != null && space->Account->Charge(WindowCost) != ChargeResult.Ok)
        {
            return null;
        }
        PathWindow* window = RecordsOf(space->Account)->TryTake<PathWindow>();
        if (window == null)
        {
            QuotaAccount.Refund(space->Account, WindowCost);
            return null;
        }
        window->Slot = slot;
        window->Space = space;
        window->Base = windowBase;
        window->Length = path.Length;
        for (int i = 0; i < path.Length; i++)
        {
            PathLink* link = LinkAt(window, i);
            Region* region = path[i];
            link->Window = window;
            link->Region = region;
            link->Previous = null;
            link->Next = region->Windows;
            if (region->Windows != null)
            {
                region->Windows->Previous = link;
            }
            region->Windows = link;
        }
        return window;
    }

    /// <summary>
    /// Unmaps all windows that pass through a region, which is reserved, so that no new ones appear. None of them goes with
    /// another region of its path meanwhile: all but the last of a path are detached by who is alone.
    /// </summary>
    private void DropPathWindows(Region* region)
    {
        while (region->Windows != null)
        {
            _windows.Acquire();
            PathWindow* window = region->Windows->Window;
            CapabilitySlot slot = window->Slot;
            UnlinkWindow(window);
            QuotaAccount.Refund(window->Space->Account, WindowCost);
            RecordPool.Give(window);
            _windows.Release();
            RetireWindow(slot);
        }
    }

    private static void UnlinkWindow(PathWindow* window)
    {
        for (int i = 0; i < window->Length; i++)
        {
            PathLink* link = LinkAt(window, i);
            if (link->Previous != null)
            {
                link->Previous->Next = link->Next;
            }
            else
            {
                link->Region->Windows = link->Next;
            }
            if (link->Next != null)
            {
                link->Next->Previous = link->Previous;
            }
        }
    }

    // Safety: a record stays where it is until it is given back, and the links of a window lie one behind the other.
    private static PathLink* LinkAt(PathWindow* window, int index) => (PathLink*)&window->Links + index;
}
