using System.Runtime.CompilerServices;
using System.Threading;
using Skerry.Base.Kernel;
using Skerry.Base.Memory;

namespace Skerry.Base.RegionMaps;

/// <summary>
/// Slots that a pager or an entrypoint may be about to name to the kernel, behind the lock that keeps what lies there: of
/// windows to map with, and of capabilities that a reply brings. It announces the slot under that lock. When the capability
/// goes it is deleted at once, but the slot is used for something else only when nobody announces it any more: who is late
/// then meets an empty slot, never what is another's. (Hazard pointers, Michael 2004.)
/// </summary>
internal unsafe struct HazardSlots
{
    /// <summary>At most: on each CPU the pager, and the entrypoint, which uses windows too; and the supervisor.</summary>
    public const int MaximumPagers = 2 * Servers.Server.MaximumCpus + 1;

    private SlotPool* _slots;

    /// <summary>Protects the retired slots.</summary>
    private ExclusiveLock _lock;
    private int _retiredCount;
    private RetiredSlots _retired;
    private Announcements _announced;

    /// <summary>No pager of this number or above has announced anything yet; it only grows.</summary>
    private int _pagers;

    public void Initialise(SlotPool* slots) => _slots = slots;

    /// <summary>Called by a pager under the lock of the map that holds the window.</summary>
    public void Announce(int pager, CapabilitySlot slot)
    {
        if (pager >= Volatile.Read(ref _pagers))
        {
            Count(pager + 1);
        }
        Volatile.Write(ref _announced[pager], slot.Value);
    }

    /// <summary>Takes an emptied slot that pagers may have seen, and gives all slots back that none announces.</summary>
    public void Retire(CapabilitySlot slot)
    {
        // The map's lock was taken and released since the window left its map, so every announcement of it is visible.
        if (!IsAnnounced(slot.Value))
        {
            _slots->Give(slot);
            return;
        }
        _lock.Acquire();
        int kept = 0;
        for (int i = 0; i < _retiredCount; i++)
        {
            uint retired = _retired[i];
            if (IsAnnounced(retired))
            {
                _retired[kept++] = retired;
            }
            else
            {
                _slots->Give(new CapabilitySlot(retired));
            }
        }
        // No more slots can be announced than there are pagers, and this one is not among those kept.
        _retired[kept++] = slot.Value;
        _retiredCount = kept;
        _lock.Release();
    }

    /// <summary>Before the first announcement of a pager, and like it seen by whoever takes the map's lock afterwards.</summary>
    private void Count(int pagers)
    {
        int seen = Volatile.Read(ref _pagers);
        while (seen < pagers)
        {
            int before = Interlocked.CompareExchange(ref _pagers, pagers, seen);
            seen = before == seen ? pagers : before;
        }
    }

    private bool IsAnnounced(uint slot)
    {
        int pagers = Volatile.Read(ref _pagers);
        for (int i = 0; i < pagers; i++)
        {
            if (Volatile.Read(ref _announced[i]) == slot)
            {
                return true;
            }
        }
        return false;
    }

    [InlineArray(MaximumPagers)]
    private struct Announcements
    {
        private uint _slot;
    }

    [InlineArray(MaximumPagers + 1)]
    private struct RetiredSlots
    {
        private uint _slot;
    }
}
