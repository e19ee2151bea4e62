using System;
using System.Collections.Generic;
using System.Linq;
using Skerry.Abi;
using Skerry.Abi.Boot;
using Skerry.Kernel.Capabilities;
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
/// Random retypes, copies, mints, moves, deletes and revokes in a few slots, and the tree they should make. What becomes
/// of an untyped's memory is its users' business, so the model writes into frames and expects new ones to be zero.
/// </summary>
internal sealed unsafe class DerivationModel
{
    private const uint First = 100;
    private const uint Slots = 24;
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

    public DerivationModel()
    {
        World = new World(1);
        World.Operate(0);
        _region = World.Make(ObjectType.Untyped, sizeBits: RegionBits);
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
        switch (choice / 1024 % 8)
        {
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
        uint count = 1 + choice / 8 % 3;
        uint sizeBits = type == ObjectType.Untyped ? 10 + choice / 64 % 4 : 0;
        ulong bytes = BytesOf(type, sizeBits);
        Status status = World.Retype(from, type, slot, count, sizeBits);
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
        Status status = badge == 0 ? World.Copy(slot, from, rights) : World.Mint(slot, from, badge, rights);
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
        Assert.Equal(may, World.Move(slot, from) == Status.Ok);
        if (may)
        {
            _capabilities.Remove(from);
            Add(moved!, slot);
        }
    }

    private void Delete(uint slot)
    {
        Status status = World.Delete(slot);
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
        Status status = World.Revoke(slot);
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
            Capability* capability = World.Slot(slot);
            Assert.Equal(!_capabilities.TryGetValue(slot, out ModelCapability? expected), capability->IsEmpty);
            if (expected == null)
            {
                continue;
            }
            Assert.Equal(expected.Type, capability->Type);
            Assert.Equal((byte)expected.Rights, capability->Rights);
            Assert.Equal(expected.Address, PhysicalOf(capability));
            Assert.Equal(
                expected.Type is ObjectType.Untyped or ObjectType.Frame ? capability->Data : expected.Badge,
                capability->Data
            );
            Assert.True(
                parents[(nint)capability] == (nint)World.Slot(expected.Parent!.Slot),
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
        var path = new List<nint>();
        for (Capability* slot = World.Root; slot != null; slot = slot->Next)
        {
            path.RemoveRange(slot->Depth, path.Count - slot->Depth);
            parents[(nint)slot] = path.Count == 0 ? 0 : path[^1];
            path.Add((nint)slot);
        }
        return parents;
    }
}
