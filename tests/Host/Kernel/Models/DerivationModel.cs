using System;
using System.Collections.Generic;
using System.Linq;
using Skerry.Abi;
using Skerry.Abi.Boot;
using Skerry.Kernel.Capabilities;
using Skerry.Kernel.Interrupts;
using Xunit;

namespace Skerry.Tests.Host.Kernel;

/// <summary>A capability as the model knows it.</summary>
internal sealed class ModelCapability
{
    public required ObjectType Type { get; init; }
    public required ulong Address { get; init; }
    public required ulong Bytes { get; init; }
    public ModelCapability? Parent { get; set; }
    public uint Slot { get; set; }
    public ulong Badge { get; init; }
    public uint Rights { get; init; }

    /// <summary>Of untyped memory: bytes in use.</summary>
    public ulong Used { get; set; }
}

/// <summary>
/// Random retypes, copies, mints, moves, swaps, deletes, revokes and resets in a few slots, the last of which lie in a
/// nested table, and the tree they should make. Every call is interrupted after some steps. What becomes
/// of an untyped's memory is its users' business, so the model writes into frames and expects new ones to be zero.
/// </summary>
internal sealed unsafe class DerivationModel
{
    private const uint First = 100;
    private const uint Slots = 24;
    private const uint FirstNested = First + 16;
    private const int NestedBits = 4;
    private const int RegionBits = 16;

    private static readonly ObjectType[] _types =
    [
        ObjectType.Endpoint,
        ObjectType.Frame,
        ObjectType.Untyped,
        ObjectType.Notification,
        ObjectType.Reply,
    ];

    private readonly Dictionary<uint, ModelCapability> _capabilities = [];
    private readonly uint _region;
    private readonly uint _nested;

    public DerivationModel()
    {
        World = new World(1);
        World.Operate(0);
        _region = World.Make(ObjectType.Untyped, sizeBits: RegionBits);
        _nested = World.Make(ObjectType.CapTable, sizeBits: NestedBits);
        Capability* region = World.Slot(_region);
        Add(
            new()
            {
                Type = ObjectType.Untyped,
                Address = region->PhysicalBase,
                Bytes = 1ul << RegionBits,
                Rights = 7,
            },
            _region
        );
    }

    public World World { get; }

    private bool IsNested(uint slot) => slot is >= FirstNested and < First + Slots + 2;

    private uint TableOf(uint slot) => IsNested(slot) ? _nested : World.Own;

    private uint IndexOf(uint slot) => IsNested(slot) ? slot - FirstNested + 1 : slot;

    private ulong AddressOf(uint slot) => IsNested(slot) ? World.Pack(_nested, IndexOf(slot)) : slot;

    private Capability* SlotOf(uint slot) =>
        IsNested(slot) ? (Capability*)World.Slot(_nested)->Object + IndexOf(slot) : World.Slot(slot);

    private Status OnTable(CapTableOperation operation, uint slot, uint other = 0, uint rights = 0, ulong badge = 0) =>
        World.Invoke(
            0,
            TableOf(slot),
            (ulong)operation,
            World.Pack(IndexOf(slot), IsNested(other) ? _nested : 0),
            World.Pack(IndexOf(other), rights),
            badge
        );

    private void Add(ModelCapability capability, uint slot)
    {
        capability.Slot = slot;
        _capabilities.Add(slot, capability);
    }

    private IEnumerable<ModelCapability> ChildrenOf(ModelCapability parent) =>
        _capabilities.Values.Where(each => each.Parent == parent);

    public void Step(uint choice)
    {
        uint slot = First + choice % Slots;
        uint other = First + choice / 32 % Slots;
        LocalApic.AsksUntilPending = (int)(choice / 300 % 5) - 1;
        switch (choice / 1024 % 10)
        {
            case 8:
                Swap(slot, other);
                break;
            case 9:
                Reset(choice / 8192 % 2 == 0 ? _region : slot);
                break;
            case 0 or 1 or 2:
                Retype(choice / 8192 % 2 == 0 ? _region : other, slot, choice / 16384);
                break;
            case 3:
                Derive(slot, other, 0, choice / 8192 % 8);
                break;
            case 4:
                Derive(slot, other, 1 + choice % 100, 7);
                break;
            case 5:
                Move(slot, other);
                break;
            case 6:
                Delete(slot);
                break;
            default:
                Revoke(choice / 8192 % 4 == 0 ? _region : slot);
                break;
        }
    }

    private void Retype(uint from, uint slot, uint choice)
    {
        ObjectType type = _types[choice % _types.Length];
        // A row of slots does not go on from one table into the other.
        bool crosses = !IsNested(slot) && IsNested(slot + 2);
        uint count = crosses ? 1 : 1 + choice / 8 % 3;
        uint sizeBits = type == ObjectType.Untyped ? 10 + choice / 64 % 4 : 0;
        ulong bytes = BytesOf(type, sizeBits);
        Status status = World.Invoke(
            0,
            AddressOf(from),
            (ulong)UntypedOperation.Retype,
            World.RetypeWord(type, count, sizeBits),
            World.Pack(IsNested(slot) ? _nested : 0, IndexOf(slot)),
            1
        );
        if (!_capabilities.TryGetValue(from, out ModelCapability? parent) || parent.Type != ObjectType.Untyped)
        {
            Assert.NotEqual(Status.Ok, status);
            return;
        }
        ulong start = ChildrenOf(parent).Any() ? parent.Used : 0;
        start = (start + bytes - 1) / bytes * bytes;
        bool free = Enumerable.Range(0, (int)count).All(i => !_capabilities.ContainsKey(slot + (uint)i));
        Status expected =
            !free ? Status.SlotOccupied
            : start + bytes * count > parent.Bytes ? Status.OutOfMemory
            : Status.Ok;
        Assert.Equal(expected, status);
        if (status != Status.Ok)
        {
            return;
        }
        for (uint i = 0; i < count; i++)
        {
            ulong address = parent.Address + start + i * bytes;
            Add(
                new()
                {
                    Type = type,
                    Address = address,
                    Bytes = bytes,
                    Parent = parent,
                    Rights = 7,
                },
                slot + i
            );
            WriteFrame(type, address);
        }
        parent.Used = start + bytes * count;
    }

    private static ulong BytesOf(ObjectType type, uint sizeBits) =>
        type switch
        {
            ObjectType.Untyped => 1ul << (int)sizeBits,
            ObjectType.Frame => UserLayout.PageSize,
            ObjectType.Notification => 128,
            _ => 64,
        };

    private static void WriteFrame(ObjectType type, ulong address)
    {
        if (type == ObjectType.Frame)
        {
            var frame = new Span<byte>((void*)(KernelLayout.DirectMap + address), (int)UserLayout.PageSize);
            Assert.True(frame.IndexOfAnyExcept((byte)0) < 0, "new memory is not zero");
            frame.Fill(0xff);
        }
    }

    private void Derive(uint slot, uint from, ulong badge, uint rights)
    {
        Status status = OnTable(
            badge == 0 ? CapTableOperation.Copy : CapTableOperation.Mint,
            slot,
            from,
            rights,
            badge
        );
        bool exists = _capabilities.TryGetValue(from, out ModelCapability? source);
        bool hasBadge = exists && source!.Type is ObjectType.Endpoint or ObjectType.Notification;
        bool may =
            exists
            && !_capabilities.ContainsKey(slot)
            && (hasBadge ? badge == 0 || source!.Badge == 0 : source!.Type == ObjectType.Frame && badge == 0);
        Assert.Equal(may, status == Status.Ok);
        if (may)
        {
            ulong kept = badge == 0 ? source!.Badge : badge;
            Add(
                new()
                {
                    Type = source!.Type,
                    Address = source.Address,
                    Bytes = source.Bytes,
                    Parent = source,
                    Badge = kept,
                    Rights = source.Rights & rights,
                },
                slot
            );
        }
    }

    private void Move(uint slot, uint from)
    {
        bool may = _capabilities.TryGetValue(from, out ModelCapability? moved) && !_capabilities.ContainsKey(slot);
        Assert.Equal(may, OnTable(CapTableOperation.Move, slot, from) == Status.Ok);
        if (may)
        {
            _capabilities.Remove(from);
            Add(moved!, slot);
        }
    }

    private void Swap(uint slot, uint other)
    {
        bool may =
            slot != other
            && _capabilities.TryGetValue(slot, out ModelCapability? one)
                & _capabilities.TryGetValue(other, out ModelCapability? two);
        Assert.Equal(may, OnTable(CapTableOperation.Swap, slot, other) == Status.Ok);
        if (may)
        {
            ModelCapability first = _capabilities[slot];
            ModelCapability second = _capabilities[other];
            _capabilities.Remove(slot);
            _capabilities.Remove(other);
            Add(first, other);
            Add(second, slot);
        }
    }

    private void Reset(uint slot)
    {
        Status status = World.Invoke(0, AddressOf(slot), (ulong)UntypedOperation.Reset);
        if (!_capabilities.TryGetValue(slot, out ModelCapability? reset) || reset.Type != ObjectType.Untyped)
        {
            Assert.NotEqual(Status.Ok, status);
            return;
        }
        bool inUse = ChildrenOf(reset).Any();
        Assert.Equal(inUse ? Status.HasChildren : Status.Ok, status);
        reset.Used = inUse ? reset.Used : 0;
    }

    private void Delete(uint slot)
    {
        Status status = OnTable(CapTableOperation.Delete, slot);
        if (!_capabilities.TryGetValue(slot, out ModelCapability? deleted))
        {
            Assert.Equal(Status.InvalidCapability, status);
            return;
        }
        ModelCapability[] children = ChildrenOf(deleted).ToArray();
        bool inUse = deleted.Type == ObjectType.Untyped && children.Length != 0;
        Assert.Equal(inUse ? Status.HasChildren : Status.Ok, status);
        if (!inUse)
        {
            _capabilities.Remove(slot);
            foreach (ModelCapability child in children)
            {
                child.Parent = deleted.Parent;
            }
        }
    }

    private void Revoke(uint slot)
    {
        Status status = OnTable(CapTableOperation.Revoke, slot);
        bool exists = _capabilities.TryGetValue(slot, out ModelCapability? revoked);
        Assert.Equal(exists ? Status.Ok : Status.InvalidCapability, status);
        if (exists)
        {
            RemoveBelow(revoked!);
        }
    }

    private void RemoveBelow(ModelCapability parent)
    {
        foreach (ModelCapability child in ChildrenOf(parent).ToArray())
        {
            RemoveBelow(child);
            _capabilities.Remove(child.Slot);
        }
    }

    /// <summary>The kernel's slots and its tree are the model's.</summary>
    public void Check()
    {
        Assert.Empty(Invariants.Broken(World));
        Dictionary<nint, nint> parents = Parents();
        for (uint slot = First; slot < First + Slots + 2; slot++)
        {
            Capability* capability = SlotOf(slot);
            Assert.Equal(!_capabilities.TryGetValue(slot, out ModelCapability? expected), capability->IsEmpty);
            if (expected == null)
            {
                continue;
            }
            Assert.Equal(expected.Type, capability->Type);
            Assert.Equal((byte)expected.Rights, capability->Rights);
            Assert.Equal(expected.Address, PhysicalOf(capability));
            Assert.Equal(
                expected.Type switch
                {
                    ObjectType.Untyped or ObjectType.Frame => capability->Data,
                    // Without a badge it sets the lowest bit.
                    ObjectType.Notification when expected.Badge == 0 => 1ul,
                    _ => expected.Badge,
                },
                capability->Data
            );
            Assert.True(
                parents[(nint)capability] == (nint)SlotOf(expected.Parent!.Slot),
                $"slot {slot} has another parent"
            );
        }
    }

    private static ulong PhysicalOf(Capability* capability) =>
        capability->Type is ObjectType.Frame or ObjectType.Untyped
            ? capability->PhysicalBase
            : (ulong)capability->Object - KernelLayout.DirectMap;

    private Dictionary<nint, nint> Parents()
    {
        var parents = new Dictionary<nint, nint>();
        for (Capability* slot = World.Root; slot != null; slot = DerivationTree.After(slot))
        {
            Capability* last = slot->LastChild;
            for (Capability* child = last; child != null; )
            {
                parents[(nint)child] = (nint)slot;
                child = child->Next == last ? null : child->Next;
            }
        }
        return parents;
    }
}
