using System.Runtime.CompilerServices;
using Skerry.Abi;
using Skerry.Kernel.Cluster;
using Skerry.Kernel.Memory;
using Skerry.Kernel.Objects;
using Skerry.Kernel.Scheduling;

namespace Skerry.Kernel.Capabilities;

/// <summary>
/// Delete and revoke, in steps of bounded work. Under the cluster lock. The object goes with its last capability; its
/// memory stays with the untyped it was made of, and is used again only after a rendezvous of the cluster
/// (UntypedMemory).
/// </summary>
/// <remarks>
/// Between two steps other threads run. What is half deleted says so by its type (Capability.Dying): nobody can use, copy
/// or move it, it keeps its place in the tree, so that its memory is not used again, and whoever deletes it, revokes an
/// ancestor or empties the table it lies in goes on where the last one stopped.
/// </remarks>
internal static unsafe class Deletion
{
    /// <summary>Types of which more than the object's end is to be looked at.</summary>
    private const uint Special =
        (1u << (int)ObjectType.None)
        | (1u << (int)ObjectType.Frame)
        | (1u << (int)ObjectType.PageTable)
        | (1u << (int)ObjectType.SchedControl)
        | (1u << (int)Capability.Dying);

    /// <summary>A slot of a table, whose capability is all that goes if it is deleted.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool IsOneOfMany(Capability* slot) =>
        (1u << (int)slot->Type & (Special | (1u << (int)ObjectType.Untyped))) == 0
        && !DerivationTree.IsLastToObject(slot);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void DropOneOfMany(Capability* slot)
    {
        DerivationTree.Remove(slot);
        slot->Clear();
    }

    /// <summary>
    /// Empties the slot. Up to which table it waits (DyingTables) stands in the slot meanwhile, for whoever goes on.
    /// </summary>
    /// <returns>False if it gives way (Preemption) and work is left: made again, the call goes on.</returns>
    public static bool Delete(Cpu* cpu, Capability* slot)
    {
        ulong before = DyingTables.Come;
        ulong mark = slot->Type == Capability.Dying ? MarkOf(slot) : 0;
        bool isEmpty = DeleteOne(cpu, slot);
        return (isEmpty && mark == 0 && DyingTables.Come == before)
            || DeleteRest(cpu, slot, isEmpty, DyingTables.MarkSince(before, mark));
    }

    /// <summary>Of a placeholder; nothing else is left half deleted with nothing to be done.</summary>
    private static ulong MarkOf(Capability* slot) => slot->Remains == Remains.Nothing ? slot->Data : 0;

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static bool DeleteRest(Cpu* cpu, Capability* slot, bool isEmpty, ulong mark)
    {
        if (!isEmpty)
        {
            return !Preemption.IsDue(cpu) && DeleteInSteps(cpu, slot, mark);
        }
        return DyingTables.IsOver(mark) || DeleteInSteps(cpu, slot, mark);
    }

    /// <summary>A step before each look, so that a call which is interrupted every time ends too.</summary>
    private static bool DeleteInSteps(Cpu* cpu, Capability* slot, ulong mark)
    {
        while (true)
        {
            if (!DyingTables.IsOver(mark))
            {
                if (slot->IsEmpty)
                {
                    // So that nothing comes into it meanwhile, and the call made again finds that it has begun.
                    slot->BeginDying(Remains.Nothing);
                    slot->Data = mark;
                }
                DyingTables.Step(cpu);
            }
            else
            {
                ulong before = DyingTables.Come;
                DeleteOne(cpu, slot);
                mark = DyingTables.MarkSince(before, mark);
            }
            if (slot->IsEmpty && DyingTables.IsOver(mark))
            {
                return true;
            }
            if (Preemption.IsDue(cpu))
            {
                return false;
            }
        }
    }

    /// <summary>
    /// Deletes everything that was derived, newest first, and empties the tables that this puts aside; those of others, which
    /// were there before, are nothing to it.
    /// </summary>
    /// <returns>
    /// False if it gives way (Preemption) and work is left: the system call is then made again with the marks, and goes
    /// on where this one stopped.
    /// </returns>
    public static bool Revoke(Cpu* cpu, Capability* slot, ref ulong putAside, ref ulong mark)
    {
        if (mark != 0)
        {
            // It has taken everything; what was derived since came after that.
            return EmptyTables(cpu, mark);
        }
        // Nobody else has the lock until this gives way, so all that come are its own.
        ulong before = DyingTables.Come;
        while (RevokeStep(cpu, slot))
        {
            if (Preemption.IsDue(cpu))
            {
                bool isLast = !DerivationTree.HasChildren(slot);
                putAside = DyingTables.MarkSince(before, putAside);
                mark = isLast ? putAside : 0;
                return isLast && DyingTables.IsOver(mark);
            }
        }
        putAside = DyingTables.MarkSince(before, putAside);
        mark = putAside;
        return EmptyTables(cpu, mark);
    }

    /// <summary>
    /// The same, where others have taken everything for it: nothing of a table that was put aside for it is in use when this
    /// answers true.
    /// </summary>
    public static bool AwaitTables(Cpu* cpu, ulong putAside, ref ulong mark)
    {
        mark = mark == 0 ? putAside : mark;
        return EmptyTables(cpu, mark);
    }

    /// <returns>False if there was nothing left to do.</returns>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool RevokeStep(Cpu* cpu, Capability* slot)
    {
        if (!DerivationTree.HasChildren(slot))
        {
            return false;
        }
        // Its own children take its place, and their turn comes.
        DeleteOne(cpu, slot->LastChild);
        return true;
    }

    /// <summary>
    /// A capability that an object holds by itself, to a table, an address space or a frame: it goes in one step, and no
    /// other slot with it. If it was the last to a table, that is put aside (DyingTables) for the call under way to empty:
    /// emptied here, threads that each hold the last capability to the next one's table would be a recursion as deep as a
    /// user likes. So the deepest is a thread's address space's fault table.
    /// </summary>
    public static void DeleteHeld(Cpu* cpu, Capability* held) => DeleteOne(cpu, held);

    /// <summary>
    /// Empties the tables that were put aside, up to the mark. Anything may be gone afterwards, the caller and what it
    /// named included.
    /// </summary>
    /// <returns>False if it gives way (Preemption) and work is left.</returns>
    public static bool EmptyTables(Cpu* cpu, ulong mark)
    {
        while (!DyingTables.IsOver(mark))
        {
            DyingTables.Step(cpu);
            if (!DyingTables.IsOver(mark) && Preemption.IsDue(cpu))
            {
                return false;
            }
        }
        return true;
    }

    /// <summary>One step.</summary>
    /// <returns>Whether the slot is empty.</returns>
    public static bool DeleteOne(Cpu* cpu, Capability* slot)
    {
        if (slot->Binding != BindingKind.None)
        {
            // First of all: what the object still uses must be whole.
            Destruction.LetGo(cpu, slot);
        }
        if ((1u << (int)slot->Type & Special) != 0)
        {
            if (!Prepare(cpu, slot))
            {
                return slot->IsEmpty;
            }
        }
        else if (DerivationTree.IsLastToObject(slot) && !Destroy(cpu, slot))
        {
            return slot->IsEmpty;
        }
        DropOneOfMany(slot);
        return true;
    }

    /// <returns>Whether the slot can go now; if not, it is empty or there is more to do.</returns>
    private static bool Prepare(Cpu* cpu, Capability* slot)
    {
        switch (slot->Type)
        {
            case ObjectType.Frame:
                if (Mapping.UnmapStep(cpu, slot))
                {
                    return true;
                }
                slot->BeginDying(Remains.Window);
                return false;
            case ObjectType.PageTable:
                PageTableMapping.Unmap(cpu, slot);
                return true;
            case ObjectType.SchedControl:
                return SchedulingControls.Dismantle(cpu, slot);
            case Capability.Dying when slot->Remains == Remains.Nothing:
                slot->Clear();
                return false;
            case Capability.Dying when slot->Remains == Remains.Table:
                // A revoke has come to it: it goes when those before it are empty, and it is too.
                DyingTables.Step(cpu);
                return false;
            case Capability.Dying:
                return Continue(cpu, slot);
            default:
                return false;
        }
    }

    /// <summary>The slot goes, and with it nothing else; if it lies in an object, that lets go first.</summary>
    public static void Drop(Cpu* cpu, Capability* slot)
    {
        if (slot->Binding != BindingKind.None)
        {
            Destruction.LetGo(cpu, slot);
        }
        DropOneOfMany(slot);
    }

    private static bool Continue(Cpu* cpu, Capability* slot) =>
        slot->Remains switch
        {
            Remains.Window => Mapping.UnmapStep(cpu, slot),
            Remains.EndpointWaiters => Destruction.Endpoint(cpu, (Endpoint*)slot->Object),
            Remains.NotificationWaiters => Destruction.Notification(cpu, (Notification*)slot->Object),
            Remains.Derived => SchedulingControls.Dismantle(cpu, slot),
            Remains.IrqNotification => Interrupts.IrqHandlers.Destroy(cpu, (IrqHandler*)slot->Object),
            _ => true,
        };

    /// <summary>
    /// The object's last capability goes. It is out of use first: the requests that other CPUs have handed over, which
    /// are served on the way, may copy any capability there is. Kinds that are not named are nothing but their
    /// capabilities.
    /// </summary>
    /// <returns>Whether the slot can go now.</returns>
    private static bool Destroy(Cpu* cpu, Capability* slot)
    {
        ObjectType type = slot->Type;
        void* victim = slot->Object;
        switch (type)
        {
            case ObjectType.CapTable:
                DyingTables.Adopt(slot);
                return false;
            case ObjectType.Endpoint:
                slot->BeginDying(Remains.EndpointWaiters);
                return Destruction.Endpoint(cpu, (Endpoint*)victim);
            case ObjectType.Notification:
                slot->BeginDying(Remains.NotificationWaiters);
                return Destruction.Notification(cpu, (Notification*)victim);
            case ObjectType.IrqHandler:
                slot->BeginDying(Remains.IrqNotification);
                return Interrupts.IrqHandlers.Destroy(cpu, (IrqHandler*)victim);
        }
        slot->BeginDying(Remains.Nothing);
        switch (type)
        {
            case ObjectType.AddressSpace:
                Destruction.AddressSpace(cpu, (AddressSpace*)victim);
                break;
            case ObjectType.Thread:
                Destruction.Thread(cpu, (Thread*)victim);
                break;
            case ObjectType.SchedContext:
                Destruction.SchedContext(cpu, (SchedContext*)victim);
                break;
            case ObjectType.Reply:
                Destruction.Reply(cpu, (Reply*)victim);
                break;
        }
        return true;
    }
}
