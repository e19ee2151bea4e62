using Skerry.Base.Kernel;
using Skerry.Base.Memory;

namespace Skerry.Base.Servers.Objects;

/// <summary>From the badge of a capability to the object it designates.</summary>
public unsafe struct ObjectTable
{
    /// <summary>Protects the entries that are free; one in use is changed by the owner of the object alone.</summary>
    private ExclusiveLock _lock;
    private Entry* _entries;
    private uint _capacity;
    private uint _firstFree;

    public uint InUse { get; private set; }

    /// <returns>False if the memory does not hold the entries.</returns>
    public bool Initialise(ServerMemory* memory, uint capacity)
    {
        _entries = (Entry*)memory->TryTake(capacity * (ulong)sizeof(Entry));
        if (_entries == null)
        {
            return false;
        }
        _capacity = capacity;
        // Entry 0 stays unused, so that no handle is 0. Free entries are chained by index, 0 ends the chain.
        _firstFree = 1;
        for (uint i = 1; i < capacity; i++)
        {
            _entries[i].NextFree = i + 1 < capacity ? i + 1 : 0;
        }
        return true;
    }

    /// <summary>The null handle if the table is full.</summary>
    public ObjectHandle Add(ObjectKind kind, void* item)
    {
        _lock.Acquire();
        uint index = _firstFree;
        ObjectHandle handle = default;
        if (index != 0)
        {
            Entry* entry = _entries + index;
            _firstFree = entry->NextFree;
            entry->Generation++;
            entry->Item = item;
            handle = ObjectHandle.Of(kind, entry->Generation, index);
            entry->Handle = handle.Value;
            InUse++;
        }
        _lock.Release();
        return handle;
    }

    /// <summary>The object, or null if the handle is of another kind or its object is gone.</summary>
    public readonly void* Find(ulong badge, ObjectKind kind)
    {
        var handle = new ObjectHandle(badge);
        bool valid = handle.Kind == kind && handle.Index < _capacity && _entries[handle.Index].Handle == badge;
        return valid && badge != 0 ? _entries[handle.Index].Item : null;
    }

    /// <summary>The slot of the capability that all others to the object are derived from; null if none was made.</summary>
    public readonly CapabilitySlot CapabilityOf(ObjectHandle handle) => _entries[handle.Index].Capability;

    public readonly void SetCapability(ObjectHandle handle, CapabilitySlot slot) =>
        _entries[handle.Index].Capability = slot;

    /// <summary>From now on the handle designates nothing.</summary>
    public void Remove(ObjectHandle handle)
    {
        Entry* entry = _entries + handle.Index;
        _lock.Acquire();
        entry->Handle = 0;
        entry->Item = null;
        entry->Capability = default;
        entry->NextFree = _firstFree;
        _firstFree = handle.Index;
        InUse--;
        _lock.Release();
    }

    private struct Entry
    {
        public void* Item;
        public ulong Handle;
        public ulong Generation;
        public CapabilitySlot Capability;
        public uint NextFree;
    }
}
