using System.Runtime.CompilerServices;
using System.Threading;
using Skerry.Abi.Boot;
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
    /// <summary>Who announces slots, at most: on each CPU the pager and the entrypoint; and the supervisor.</summary>
    public const int MaximumAnnouncers = 2 * BootInformation.MaximumCpus + 1;

    private SlotPool* _slots;

    /// <summary>Protects the retired slots.</summary>
    private ExclusiveLock _lock;
    private int _retiredCount;
    private RetiredSlots _retired;
    private Announcements _announced;

    /// <summary>Nobody of this number or above has announced anything yet; it only grows.</summary>
    private int _announcers;

    public void Initialise(SlotPool* slots) => _slots = slots;

    /// <summary>Called under the lock that keeps what lies in the slot: of a window, that of the map that holds it.</summary>
    public void Announce(int announcer, CapabilitySlot slot)
    {
        if (announcer >= Volatile.Read(ref _announcers))
        {
            Count(announcer + 1);
        }
        Volatile.Write(ref _announced[announcer], slot.Value);
    }

    /// <summary>Takes an emptied slot that some may have seen, and gives all slots back that none announces.</summary>
    public void Retire(CapabilitySlot slot)
    {
        // The lock was taken and released since what lay there has gone, so every announcement of it is visible.
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
        // No more slots can be announced than there are announcers, and this one is not among those kept.
        _retired[kept++] = slot.Value;
        _retiredCount = kept;
        _lock.Release();
    }

    /// <summary>Before the first announcement of one, and like it seen by whoever takes the same lock afterwards.</summary>
    private void Count(int announcers)
    {
        int seen = Volatile.Read(ref _announcers);
        while (seen < announcers)
        {
            int before = Interlocked.CompareExchange(ref _announcers, announcers, seen);
            seen = before == seen ? announcers : before;
        }
    }

    private bool IsAnnounced(uint slot)
    {
        int announcers = Volatile.Read(ref _announcers);
        for (int i = 0; i < announcers; i++)
        {
            if (Volatile.Read(ref _announced[i]) == slot)
            {
                return true;
            }
        }
        return false;
    }

    [InlineArray(MaximumAnnouncers)]
    private struct Announcements
    {
        private uint _slot;
    }

    [InlineArray(MaximumAnnouncers + 1)]
    private struct RetiredSlots
    {
        private uint _slot;
    }
}
