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

    /// <summary>
    /// Each slot's links agree with its neighbours', no slot is in the tree twice, and everything under an untyped lies
    /// in it.
    /// </summary>
    private bool CheckTree()
    {
        var seen = new HashSet<nint>();
        var open = new Stack<nint>();
        open.Push((nint)_world.Root);
        while (open.TryPop(out nint address))
        {
            var slot = (Capability*)address;
            Require(slot == _world.Root || !slot->IsEmpty, "an empty slot is in the tree");
            Note(slot);
            if (!CheckChildren(slot, seen, open))
            {
                return false;
            }
        }
        Require(_world.Table->IsEmpty, "slot 0 of a table holds something");
        CheckDying(seen);
        return _broken.Count == 0;
    }

    private bool CheckChildren(Capability* parent, HashSet<nint> seen, Stack<nint> open)
    {
        Capability* last = parent->LastChild;
        Capability* child = last == null ? null : last->Next;
        Capability* before = parent;
        while (child != null)
        {
            if (!seen.Add((nint)child) || seen.Count > MostSlots)
            {
                _broken.Add("a slot is in the tree twice");
                return false;
            }
            Require(child->Previous == before, "previous of a slot is not the one before it");
            Require(child->IsFirst == (before == parent), "a slot's mark of the first child is wrong");
            Require(child->IsLast == (child == last), "a slot's mark of the last child is wrong");
            CheckParent(parent, child);
            open.Push((nint)child);
            before = child;
            child = child == last ? null : child->Next;
        }
        return true;
    }

    /// <summary>A table that is being emptied keeps its memory by what stands in its slot 0.</summary>
    private void CheckDying(HashSet<nint> seen)
    {
        foreach (nint address in seen)
        {
            var slot = (Capability*)address;
            bool inTable = slot->Type == Capability.Dying && slot->Remains == Remains.Table;
            Require(!inTable || slot->Object == slot, "a dying table's capability is not in its slot 0");
            Require(
                slot->Type != Capability.Dying || slot->Remains != Remains.Nothing,
                "a slot whose capability is gone is in the tree"
            );
        }
    }

    private void CheckParent(Capability* parent, Capability* slot)
    {
        if (parent == null || parent == _world.Root || parent->IsEmpty)
        {
            return;
        }
        if (parent->Type != ObjectType.Untyped)
        {
            if (slot->Type == Capability.Dying || parent->Type == Capability.Dying)
            {
                return;
            }
            bool made = parent->Type is ObjectType.DoorbellControl or ObjectType.MemoryControl or ObjectType.IrqControl;
            bool part = parent->Type is ObjectType.Frame or ObjectType.IoPorts && slot->Type == parent->Type;
            Require(made || part || slot->SameObject(parent), "a copy designates another object than what it is of");
            Require(made || (slot->Rights & ~parent->Rights) == 0, "a copy has more rights than what it is of");
            return;
        }
        bool isMemory = slot->Type == Capability.Dying && slot->Remains == Remains.Window;
        ulong start =
            isMemory || slot->Type is ObjectType.Frame or ObjectType.Untyped
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
            Capability.Dying => slot->Remains switch
            {
                Remains.Table => 1ul << (int)(slot->Extent + Capability.SizeBits),
                Remains.Window => slot->Extent * UserLayout.PageSize,
                _ => 64,
            },
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
            Capability.Dying => slot->Remains switch
            {
                Remains.EndpointWaiters => _endpoints,
                Remains.NotificationWaiters => _notifications,
                _ => null,
            },
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
