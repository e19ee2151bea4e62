using Skerry.Abi;
using Skerry.Kernel.Memory;
using Skerry.Kernel.Objects;

namespace Skerry.Kernel.Capabilities;

/// <summary>
/// Delete and revoke. Under the cluster lock. The object goes with its last capability; its memory stays with the
/// untyped it was made of, and is used again only after a rendezvous of the cluster (UntypedMemory).
/// </summary>
internal static unsafe class Deletion
{
    /// <summary>Capability tables whose last capability is gone and whose slots are still to be deleted.</summary>
    private static Capability* dyingTables;

    public static void Delete(Cpu* cpu, Capability* slot)
    {
        DeleteOne(cpu, slot);
        EmptyDyingTables(cpu);
    }

    /// <summary>
    /// Deletes everything that was derived, newest first. Answers false if an interrupt waits and work is left: the
    /// system call is then made again, and goes on where this one stopped.
    /// </summary>
    public static bool Revoke(Cpu* cpu, Capability* slot)
    {
        while (DerivationTree.HasChildren(slot))
        {
            // The deepest of the first branch, so that removal never has to lift what lies below.
            Capability* last = slot->Next;
            while (last->Next != null && last->Next->Depth > last->Depth)
            {
                last = last->Next;
            }
            Delete(cpu, last);
            if (Interrupts.LocalApic.HasPendingInterrupt())
            {
                return !DerivationTree.HasChildren(slot);
            }
        }
        return true;
    }

    /// <summary>
    /// A capability that a dying object holds by itself. If a table goes with it, the Delete under way empties it: emptied
    /// here, threads that each hold the last capability to the next one's table would be a recursion as deep as a user
    /// likes. So the deepest is a thread's address space's fault table.
    /// </summary>
    public static void DeleteHeld(Cpu* cpu, Capability* held) => DeleteOne(cpu, held);

    private static void DeleteOne(Cpu* cpu, Capability* slot)
    {
        ObjectType type = slot->Type;
        if (type == ObjectType.None)
        {
            return;
        }
        if (type == ObjectType.Frame)
        {
            Mapping.UnmapWindow(cpu, slot);
        }
        else if (type == ObjectType.PageTable)
        {
            PageTableMapping.Unmap(cpu, slot);
        }
        void* victim = slot->Object;
        uint extent = slot->Extent;
        BindingKind binding = slot->Binding;
        bool isLast = DerivationTree.IsLast(slot);
        // Before the object goes: the requests that are served on the way may copy any capability there is.
        DerivationTree.Remove(slot);
        slot->Clear();
        if (isLast)
        {
            Destroy(cpu, type, victim, extent);
        }
        if (binding != BindingKind.None)
        {
            Destruction.BindingLost(cpu, slot, binding);
        }
    }

    /// <summary>Kinds that are not named are nothing but their capabilities.</summary>
    private static void Destroy(Cpu* cpu, ObjectType type, void* victim, uint extent)
    {
        switch (type)
        {
            case ObjectType.CapTable:
                DestroyTable((Capability*)victim, extent);
                break;
            case ObjectType.AddressSpace:
                Destruction.AddressSpace(cpu, (AddressSpace*)victim);
                break;
            case ObjectType.Thread:
                Destruction.Thread(cpu, (Thread*)victim);
                break;
            case ObjectType.SchedContext:
                Destruction.SchedContext(cpu, (SchedContext*)victim);
                break;
            case ObjectType.Endpoint:
                Destruction.Endpoint(cpu, (Endpoint*)victim);
                break;
            case ObjectType.Reply:
                Destruction.Reply(cpu, (Reply*)victim);
                break;
            case ObjectType.Notification:
                Destruction.Notification(cpu, (Notification*)victim);
                break;
            case ObjectType.IrqHandler:
                Interrupts.IrqHandlers.Destroy(cpu, (IrqHandler*)victim);
                break;
        }
    }

    // Slot 0 of a table holds no capability. A dying table keeps there its size and the link to the next one, so that
    // tables that hold each other, to any depth, are emptied without recursion.
    private static void DestroyTable(Capability* table, uint extent)
    {
        table->SetExtent(extent);
        table->SetNext(dyingTables);
        dyingTables = table;
    }

    private static void EmptyDyingTables(Cpu* cpu)
    {
        while (dyingTables != null)
        {
            Capability* table = dyingTables;
            dyingTables = table->Next;
            uint count = 1u << (int)table->Extent;
            for (uint i = 1; i < count; i++)
            {
                DeleteOne(cpu, table + i);
            }
            table->Clear();
        }
    }
}
