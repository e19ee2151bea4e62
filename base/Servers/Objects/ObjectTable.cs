using System.Runtime.CompilerServices;
using Skerry.Base.Kernel;
using Skerry.Base.Memory;

namespace Skerry.Base.Servers.Objects;

/// <summary>From the badge of a capability to the object it designates.</summary>
/// <remarks>
/// The entries lie in pages of records, which those pay for whose objects they name. Entries of a share, and its pages, come
/// while its domain's lock or the service lock is held, or go; the last one takes the pages with him, alone. Who holds
/// neither looks up protection domains and region maps of others, which go while the service lock is held alone, and what
/// belongs to a domain that does not end meanwhile (<see cref="FindOf"/>).
/// </remarks>
public unsafe struct ObjectTable
{
    /// <summary>More objects than a server has slots for the capabilities to them.</summary>
    private const uint MaximumPages = 1024;

    /// <summary>Protects the list of pages, what is free in shares, and the counts.</summary>
    private ExclusiveLock _lock;
    private PageEntry* _pages;
    private ulong _generation;

    public uint InUse { get; private set; }

    /// <returns>False if the memory does not hold the list of pages.</returns>
    public bool Initialise(ServerMemory* memory)
    {
        _pages = (PageEntry*)memory->TryTake(MaximumPages * (ulong)sizeof(PageEntry));
        return _pages != null;
    }

    /// <param name="share">Of whoever pays for the entry.</param>
    /// <param name="kind">What it is.</param>
    /// <param name="item">Its record.</param>
    /// <returns>The null handle if the payer's memory is used up, or the server's.</returns>
    public ObjectHandle Add(ObjectShare* share, ObjectKind kind, void* item)
    {
        if (share->FirstFree == 0 && !Grow(share))
        {
            return default;
        }
        _lock.Acquire();
        uint index = share->FirstFree;
        ObjectPage.Entry* entry = EntryAt(index);
        share->FirstFree = entry->NextFree;
        _generation++;
        ObjectHandle handle = ObjectHandle.Of(kind, _generation, index);
        entry->Item = item;
        entry->Handle = handle.Value;
        InUse++;
        _lock.Release();
        return handle;
    }

    /// <summary>The object, or null if the handle is of another kind or its object is gone.</summary>
    public readonly void* Find(ulong badge, ObjectKind kind)
    {
        var handle = new ObjectHandle(badge);
        uint page = handle.Index / ObjectPage.Entries;
        if (badge == 0 || handle.Kind != kind || page >= MaximumPages || _pages[page].Page == null)
        {
            return null;
        }
        ObjectPage.Entry* entry = EntryAt(handle.Index);
        return entry->Handle == badge ? entry->Item : null;
    }

    /// <summary>As the other, for who holds no lock: what others pay for may be going meanwhile, and is not looked at.</summary>
    public readonly void* FindOf(ObjectShare* share, ulong badge, ObjectKind kind)
    {
        uint page = new ObjectHandle(badge).Index / ObjectPage.Entries;
        return page < MaximumPages && _pages[page].Share == share ? Find(badge, kind) : null;
    }

    /// <summary>Of whoever pays for the entry of an object that is there.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public readonly ObjectShare* ShareOf(ulong badge) =>
        _pages[new ObjectHandle(badge).Index / ObjectPage.Entries].Share;

    /// <summary>The slot of the capability that all others to the object are derived from; null if none was made.</summary>
    public readonly CapabilitySlot CapabilityOf(ObjectHandle handle) =>
        handle.IsNull ? default : EntryAt(handle.Index)->Capability;

    public readonly void SetCapability(ObjectHandle handle, CapabilitySlot slot) =>
        EntryAt(handle.Index)->Capability = slot;

    /// <summary>From now on the handle designates nothing.</summary>
    public void Remove(ObjectHandle handle)
    {
        if (handle.IsNull)
        {
            return;
        }
        ObjectShare* share = _pages[handle.Index / ObjectPage.Entries].Share;
        ObjectPage.Entry* entry = EntryAt(handle.Index);
        _lock.Acquire();
        *entry = new ObjectPage.Entry { NextFree = share->FirstFree };
        share->FirstFree = handle.Index;
        InUse--;
        _lock.Release();
    }

    /// <summary>Gives the pages of a share back. None of its entries is in use, and no pager looks for one.</summary>
    public void Release(ObjectShare* share)
    {
        _lock.Acquire();
        while (share->LastPage != 0)
        {
            PageEntry* page = _pages + (share->LastPage - 1);
            share->LastPage = page->Earlier;
            RecordPool.Give(page->Page);
            *page = default;
        }
        share->FirstFree = 0;
        _lock.Release();
    }

    private bool Grow(ObjectShare* share)
    {
        // Paid for and made before the lock is taken: shares of others wait for a few dozen instructions.
        ObjectPage* page = share->Records->TryTake<ObjectPage>();
        if (page == null)
        {
            return false;
        }
        _lock.Acquire();
        uint number = 0;
        while (number < MaximumPages && _pages[number].Page != null)
        {
            number++;
        }
        if (number != MaximumPages)
        {
            AddPage(share, page, number);
        }
        _lock.Release();
        if (number == MaximumPages)
        {
            RecordPool.Give(page);
        }
        return number != MaximumPages;
    }

    /// <summary>The lock is held.</summary>
    private readonly void AddPage(ObjectShare* share, ObjectPage* page, uint number)
    {
        _pages[number] = new PageEntry
        {
            Share = share,
            Earlier = share->LastPage,
            Page = page,
        };
        share->LastPage = number + 1;
        // Entry 0 stays unused, so that no handle is 0. Free entries are chained by index, 0 ends the chain.
        uint first = number * ObjectPage.Entries;
        for (uint i = ObjectPage.Entries; i-- > (number == 0 ? 1u : 0u); )
        {
            page->List[(int)i].NextFree = share->FirstFree;
            share->FirstFree = first + i;
        }
    }

    // Safety: records do not move, and the page is there as long as the handle is.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private readonly ObjectPage.Entry* EntryAt(uint index) =>
        (ObjectPage.Entry*)&_pages[index / ObjectPage.Entries].Page->List + index % ObjectPage.Entries;

    private struct PageEntry
    {
        public ObjectShare* Share;
        public ObjectPage* Page;

        /// <summary>The share's page before it, by number plus one; 0 for none.</summary>
        public uint Earlier;
    }
}
