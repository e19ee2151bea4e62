using System.Collections.Generic;
using Skerry.Abi;
using Skerry.Abi.Boot;
using Skerry.Kernel;
using Skerry.Kernel.Capabilities;
using Skerry.Kernel.Objects;

namespace Skerry.Tests.Host.Kernel;

/// <summary>
/// What is true of the kernel's memory whenever no CPU is inside. Each rule that is broken is a line of the answer; none
/// means that all hold. The rules about single objects stand in the other parts of the class.
/// </summary>
internal sealed unsafe partial class Invariants
{
    private const int MostSlots = 100_000;

    private readonly World _world;
    private readonly List<string> _broken = [];
    private readonly HashSet<nint> _threads = [];
    private readonly HashSet<nint> _contexts = [];
    private readonly HashSet<nint> _endpoints = [];
    private readonly HashSet<nint> _replies = [];
    private readonly HashSet<nint> _notifications = [];
    private readonly Dictionary<nint, string> _queuedIn = [];

    private Invariants(World world) => _world = world;

    public static IReadOnlyList<string> Broken(World world)
    {
        var invariants = new Invariants(world);
        if (invariants.CheckTree())
        {
            invariants.CheckQueues();
            invariants.CheckThreads();
            invariants.CheckReplies();
            invariants.CheckTime();
        }
        return invariants._broken;
    }

    private void Require(bool holds, string rule)
    {
        if (!holds)
        {
            _broken.Add(rule);
        }
    }

    /// <summary>The list's links agree, depths grow by one at most, and everything under an untyped lies in it.</summary>
    private bool CheckTree()
    {
        var seen = new HashSet<nint>();
        var path = new List<nint>();
        Capability* previous = null;
        for (Capability* slot = _world.Root; slot != null; slot = slot->Next)
        {
            if (!seen.Add((nint)slot) || seen.Count > MostSlots)
            {
                _broken.Add("the tree's list is a circle");
                return false;
            }
            Require(slot->Previous == previous, "previous of a slot is not the one before it");
            Require(slot == _world.Root || !slot->IsEmpty, "an empty slot is in the tree");
            bool follows = previous == null ? slot->Depth == 0 : slot->Depth >= 1 && slot->Depth <= previous->Depth + 1;
            if (!follows)
            {
                _broken.Add("a slot is deeper than a child of the one before it, or as deep as the root");
                return false;
            }
            path.RemoveRange(slot->Depth, path.Count - slot->Depth);
            CheckParent(path.Count == 0 ? null : (Capability*)path[^1], slot);
            path.Add((nint)slot);
            Note(slot);
            previous = slot;
        }
        return _broken.Count == 0;
    }

    private void CheckParent(Capability* parent, Capability* slot)
    {
        if (parent == null || parent == _world.Root || parent->IsEmpty)
        {
            return;
        }
        if (parent->Type != ObjectType.Untyped)
        {
            bool made = parent->Type is ObjectType.DoorbellControl or ObjectType.MemoryControl or ObjectType.IrqControl;
            bool part = parent->Type is ObjectType.Frame or ObjectType.IoPorts && slot->Type == parent->Type;
            Require(made || part || slot->SameObject(parent), "a copy designates another object than what it is of");
            Require(made || (slot->Rights & ~parent->Rights) == 0, "a copy has more rights than what it is of");
            return;
        }
        ulong start = slot->Type is ObjectType.Frame or ObjectType.Untyped
            ? slot->PhysicalBase
            : (ulong)slot->Object - KernelLayout.DirectMap;
        bool inside =
            start >= parent->PhysicalBase
            && start + BytesOf(slot) <= parent->PhysicalBase + UntypedMemory.Watermark(parent);
        Require(inside, "an object lies outside of what its untyped has given away");
    }

    private static ulong BytesOf(Capability* slot) =>
        slot->Type switch
        {
            ObjectType.Untyped => 1ul << (int)slot->Extent,
            ObjectType.CapTable => 1ul << (int)(slot->Extent + Capability.SizeBits),
            ObjectType.Frame => slot->Extent * UserLayout.PageSize,
            ObjectType.AddressSpace => 1ul << AddressSpace.SizeBits,
            ObjectType.PageTable => UserLayout.PageSize,
            ObjectType.Thread => 1ul << Thread.SizeBits,
            ObjectType.Notification => 1ul << Notification.SizeBits,
            _ => 64,
        };

    private void Note(Capability* slot)
    {
        HashSet<nint>? objects = slot->Type switch
        {
            ObjectType.Thread => _threads,
            ObjectType.SchedContext => _contexts,
            ObjectType.Endpoint => _endpoints,
            ObjectType.Reply => _replies,
            ObjectType.Notification => _notifications,
            _ => null,
        };
        objects?.Add((nint)slot->Object);
    }

    private bool IsThread(Thread* thread) => thread == null || _threads.Contains((nint)thread);
}
