using System;
using System.Collections.Generic;
using Skerry.Abi;
using Skerry.Base.Kernel;
using Skerry.Base.Memory;
using Xunit;

namespace Skerry.Tests.Host.Memory;

/// <summary>
/// A kernel's derivation tree for the allocators: which capability lies in which slot, and what it was made from. Any
/// misuse that the real kernel would refuse is refused here, too.
/// </summary>
public sealed class KernelModel
{
    private static readonly List<KernelModel> _all = [];
    private readonly Dictionary<uint, Entry> _slots = [];
    private readonly object _lock = new();

    public KernelModel()
    {
        lock (_all)
        {
            Number = _all.Count;
            _all.Add(this);
        }
    }

    public int Number { get; }

    public int Capabilities => _slots.Count;

    public List<uint> Resumed { get; } = [];

    public List<uint> Signalled { get; } = [];

    /// <summary>Notifications that have been destroyed. All others that somebody names are there.</summary>
    public HashSet<uint> Destroyed { get; } = [];

    public Status Signal(CapabilitySlot notification)
    {
        if (Destroyed.Contains(notification.Value))
        {
            return Status.InvalidCapability;
        }
        Signalled.Add(notification.Value);
        return Status.Ok;
    }

    public static KernelModel At(int number)
    {
        lock (_all)
        {
            return _all[number];
        }
    }

    public void AddUntyped(CapabilitySlot slot, ulong address, int bits) =>
        _slots[slot.Value] = new Entry(0, ObjectType.Untyped, address, 1ul << bits);

    /// <summary>Where a byte of what the capability designates lies.</summary>
    public ulong AddressOf(CapabilitySlot slot, ulong offset)
    {
        Entry entry = _slots[slot.Value];
        Assert.True(offset < entry.Bytes);
        return entry.Address + offset;
    }

    /// <summary>The most bytes that one call zeroed: how long a server was away for.</summary>
    public ulong LongestZeroing { get; set; }

    public Status Zero(CapabilitySlot untyped, ulong bytes)
    {
        lock (_lock)
        {
            bool isRight = _slots.TryGetValue(untyped.Value, out Entry? entry) && entry.Type == ObjectType.Untyped;
            if (!isRight || bytes > entry!.Bytes)
            {
                return Status.InvalidArgument;
            }
            BeginAnew(untyped.Value, entry);
            NoteZeroing(entry, bytes);
            return Status.Ok;
        }
    }

    public Status Retype(CapabilitySlot untyped, in ObjectRequest request, CapabilitySlot first, uint count)
    {
        lock (_lock)
        {
            if (!_slots.TryGetValue(untyped.Value, out Entry? parent) || parent.Type != ObjectType.Untyped)
            {
                return Status.InvalidCapability;
            }
            ulong bytes = request.Type == ObjectType.Frame ? request.Pages * 4096 : 1ul << request.SizeBits;
            BeginAnew(untyped.Value, parent);
            ulong used = parent.Used;
            if (used + bytes * count > parent.Bytes)
            {
                return Status.OutOfMemory;
            }
            for (uint i = 0; i < count; i++)
            {
                ulong address = parent.Address + used + bytes * i;
                if (!_slots.TryAdd(first.Value + i, new Entry(untyped.Value, request.Type, address, bytes)))
                {
                    return Status.SlotOccupied;
                }
            }
            if (request.Type != ObjectType.Untyped)
            {
                NoteZeroing(parent, used + bytes * count);
            }
            parent.Used = used + bytes * count;
            return Status.Ok;
        }
    }

    /// <param name="source">What of.</param>
    /// <param name="destination">An empty slot.</param>
    /// <param name="offset">Of a frame: bytes into it.</param>
    /// <param name="pages">Of a frame: how many; 0 for all of whatever it is.</param>
    public Status Derive(CapabilitySlot source, CapabilitySlot destination, ulong offset, ulong pages)
    {
        lock (_lock)
        {
            if (!_slots.TryGetValue(source.Value, out Entry? entry))
            {
                return Status.InvalidCapability;
            }
            ulong bytes = pages == 0 ? entry.Bytes : pages * 4096;
            if (offset + bytes > entry.Bytes)
            {
                return Status.InvalidArgument;
            }
            var derived = new Entry(source.Value, entry.Type, entry.Address + offset, bytes);
            return _slots.TryAdd(destination.Value, derived) ? Status.Ok : Status.SlotOccupied;
        }
    }

    public Status Delete(CapabilitySlot slot)
    {
        lock (_lock)
        {
            return _slots.Remove(slot.Value) ? Status.Ok : Status.InvalidCapability;
        }
    }

    public Status Revoke(CapabilitySlot slot)
    {
        lock (_lock)
        {
            if (Destroyed.Contains(slot.Value))
            {
                return Status.InvalidCapability;
            }
            foreach (uint child in new List<uint>(_slots.Keys))
            {
                if (_slots.TryGetValue(child, out Entry? entry) && entry.Parent == slot.Value)
                {
                    Revoke(new CapabilitySlot(child));
                    _slots.Remove(child);
                }
            }
            return Status.Ok;
        }
    }

    private void NoteZeroing(Entry untyped, ulong end)
    {
        ulong from = Math.Max(untyped.Zeroed, untyped.Used);
        LongestZeroing = Math.Max(LongestZeroing, end > from ? end - from : 0);
        untyped.Zeroed = Math.Max(end, from);
    }

    /// <summary>Where nothing is left of what was made, nothing is known to be zero.</summary>
    private void BeginAnew(uint slot, Entry untyped)
    {
        if (untyped.Used != 0 && !HasChildren(slot))
        {
            untyped.Used = 0;
            untyped.Zeroed = 0;
        }
    }

    private bool HasChildren(uint slot)
    {
        foreach (Entry entry in _slots.Values)
        {
            if (entry.Parent == slot)
            {
                return true;
            }
        }
        return false;
    }

    private sealed class Entry(uint parent, ObjectType type, ulong address, ulong bytes)
    {
        public uint Parent { get; } = parent;

        public ObjectType Type { get; } = type;

        public ulong Address { get; } = address;

        public ulong Bytes { get; } = bytes;

        public ulong Used { get; set; }

        public ulong Zeroed { get; set; }
    }
}
