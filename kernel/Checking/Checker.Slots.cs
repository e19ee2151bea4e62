using Skerry.Abi;
using Skerry.Abi.Boot;
using Skerry.Kernel.Capabilities;
using Skerry.Kernel.Cluster;
using Skerry.Kernel.Objects;

namespace Skerry.Kernel.Checking;

/// <summary>The slots of living tables and objects are the tree's, and no others.</summary>
internal static unsafe partial class Checker
{
    private static uint used;

    private static void CheckSlots()
    {
        used = 1;
        for (Capability* slot = DerivationTree.After(root); slot != null; slot = DerivationTree.After(slot))
        {
            if (!IsFirstToObject(slot))
            {
                continue;
            }
            void* target = slot->Object;
            switch (KindOf(slot))
            {
                case ObjectType.CapTable:
                    CheckTable((Capability*)target, DyingTables.SizeOf(slot));
                    break;
                case ObjectType.Thread:
                    var thread = (Thread*)target;
                    CheckBinding(&thread->CapTableBinding, BindingKind.ThreadCapTable, ObjectType.CapTable);
                    CheckBinding(&thread->AddressSpaceBinding, BindingKind.ThreadAddressSpace, ObjectType.AddressSpace);
                    CheckBinding(&thread->BufferBinding, BindingKind.ThreadBuffer, ObjectType.Frame);
                    CheckBinding(&thread->ControlBinding, BindingKind.ThreadControl, ObjectType.SchedControl);
                    CheckUse(thread);
                    break;
                case ObjectType.SchedContext:
                    var context = (SchedContext*)target;
                    CheckBinding(&context->ControlBinding, BindingKind.ContextControl, ObjectType.SchedControl);
                    break;
                case ObjectType.AddressSpace:
                    var space = (AddressSpace*)target;
                    CheckBinding(&space->FaultTableBinding, BindingKind.FaultTable, ObjectType.CapTable);
                    CheckFaultTable(space);
                    break;
                case ObjectType.IrqHandler:
                    CheckBinding(&((IrqHandler*)target)->Binding, BindingKind.Irq, ObjectType.Notification);
                    break;
            }
        }
        for (uint i = 0; i < ClusterCpus.Count; i++)
        {
            // Links of the tree are addresses in the direct map.
            Cpu* cpu = ClusterCpus.At(i)->Direct;
            CheckBinding(&cpu->DoorbellBinding, BindingKind.Doorbell, ObjectType.Notification);
            CheckBinding(&cpu->Trace.Binding, BindingKind.Trace, ObjectType.Frame);
        }
        Require(used == report.Capabilities, CheckedRule.SlotCount, root);
    }

    private static void CheckTable(Capability* table, uint count)
    {
        for (uint i = 0; i < count; i++)
        {
            Capability* slot = table + i;
            if (IsGone(slot) && !slot->IsEmpty)
            {
                // The call that has deleted it is about to be made again, and finds by this that it has begun.
                Require(IsUnlinked(slot) && i != 0, CheckedRule.DyingSlot, slot);
            }
            else if (slot->IsEmpty)
            {
                Require(slot->Data == 0 && IsUnlinked(slot), CheckedRule.EmptySlotNotClean, slot);
            }
            else
            {
                CheckUsed(slot);
                bool isOwn = i == 0 && slot->Type == Capability.Dying && slot->Remains == Remains.Table;
                Require(slot->Binding == BindingKind.None && (i != 0 || isOwn), CheckedRule.BindingPlace, slot);
            }
        }
    }

    private static bool IsGone(Capability* slot) =>
        slot->IsEmpty || (slot->Type == Capability.Dying && slot->Remains == Remains.Nothing);

    private static bool IsUnlinked(Capability* slot) =>
        slot->NextLink == 0 && slot->PreviousLink == 0 && slot->ChildLink == 0;

    private static void CheckUsed(Capability* slot)
    {
        used++;
        // The count shows whether one is linked and yet not in this tree.
        Capability* previous = slot->Previous;
        bool linked = slot->PreviousLink != 0 && IsOwned(previous, (ulong)sizeof(Capability));
        if (linked)
        {
            Capability* last = slot->IsFirst ? previous->LastChild : previous;
            linked = last != null && IsOwned(last, (ulong)sizeof(Capability)) && last->Next == slot;
        }
        Require(linked, CheckedRule.SlotNotInTree, slot);
    }

    private static void CheckBinding(Capability* binding, BindingKind kind, ObjectType type)
    {
        if (!IsGone(binding))
        {
            CheckUsed(binding);
            Require(binding->Binding == kind && KindOf(binding) == type, CheckedRule.BindingPlace, binding);
        }
    }

    /// <summary>What the thread's fields say that it uses.</summary>
    private static void CheckUse(Thread* thread)
    {
        Capability* table = &thread->CapTableBinding;
        bool tableAgrees = IsGone(table)
            ? thread->Capabilities == null && thread->CapabilityCount == 0
            : thread->Capabilities == table->Object && thread->CapabilityCount == 1u << (int)table->Extent;
        Capability* space = &thread->AddressSpaceBinding;
        bool spaceAgrees = IsGone(space)
            ? thread->AddressSpace == null && thread->Root == 0
            : thread->AddressSpace == space->Object
                && thread->Root == (ulong)thread->AddressSpace - KernelLayout.DirectMap;
        Capability* frame = &thread->BufferBinding;
        ulong buffer = (ulong)thread->Buffer - KernelLayout.DirectMap;
        bool bufferAgrees =
            thread->Buffer == null
            || (!IsGone(frame) && buffer - frame->PhysicalBase <= BytesOf(frame) - UserLayout.PageSize)
            || IsBootMemory(buffer);
        Require(tableAgrees && spaceAgrees && bufferAgrees, CheckedRule.ThreadBindings, thread);
    }

    private static void CheckFaultTable(AddressSpace* space)
    {
        Capability* table = &space->FaultTableBinding;
        bool agrees = IsGone(table)
            ? AddressSpace.FaultsOf(space)->Table == null && AddressSpace.FaultsOf(space)->Count == 0
            : AddressSpace.FaultsOf(space)->Table == table->Object
                && AddressSpace.FaultsOf(space)->Count == 1u << (int)table->Extent;
        Require(agrees, CheckedRule.SpaceFaultTable, space);
    }
}
