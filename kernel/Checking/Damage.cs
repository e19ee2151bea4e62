using Skerry.Abi;
using Skerry.Abi.Boot;
using Skerry.Kernel.Capabilities;
using Skerry.Kernel.Memory;
using Skerry.Kernel.Objects;
using Skerry.Kernel.Startup;

namespace Skerry.Kernel.Checking;

/// <summary>Breaks one thing, so that a test sees that the check finds it. The machine is of no use afterwards.</summary>
internal static unsafe class Damage
{
    /// <returns>False if there is no such damage, or nothing here to do it to.</returns>
    public static bool Do(Cpu* cpu, Thread* caller, CheckedDamage damage)
    {
        Capability* untyped = UsedUntyped();
        switch (damage)
        {
            case CheckedDamage.TreeLink:
                untyped->PreviousLink = Capability.LinkTo(untyped);
                return true;
            case CheckedDamage.Watermark:
                UntypedMemory.SetWatermark(untyped, 64);
                return true;
            case CheckedDamage.UntypedWord:
                ulong above = untyped->PhysicalBase + UntypedMemory.Watermark(untyped);
                *(ulong*)(KernelLayout.DirectMap + above) = 1;
                return true;
            case CheckedDamage.ReadyBits:
                *(ulong*)&cpu->Ready ^= 2;
                return true;
            case CheckedDamage.ThreadState:
                Thread* stopped = Waiting(ThreadFlags.Queued);
                if (stopped != null)
                {
                    stopped->State = ThreadState.Running;
                }
                return stopped != null;
            case CheckedDamage.ContextHolder:
                Thread* waiting = Waiting(ThreadFlags.None);
                if (waiting != null)
                {
                    waiting->SchedContext->Holder = null;
                }
                return waiting != null;
            case CheckedDamage.PageTableEntry:
                return ShowThread(caller);
            case CheckedDamage.Counter:
                for (int i = 0; i < (int)CpuCounter.Count; i++)
                {
                    cpu->Counters[i] = 0;
                }
                return true;
            default:
                return false;
        }
    }

    /// <summary>The first untyped memory of which something was made and that has zeroed room left.</summary>
    private static Capability* UsedUntyped()
    {
        for (
            Capability* slot = DerivationTree.After(InitialComponent.Root);
            slot != null;
            slot = DerivationTree.After(slot)
        )
        {
            bool used =
                slot->Type == ObjectType.Untyped
                && DerivationTree.HasChildren(slot)
                && UntypedMemory.Watermark(slot) < UntypedMemory.ZeroedTo(slot);
            if (used)
            {
                return slot;
            }
        }
        return DerivationTree.After(InitialComponent.Root);
    }

    /// <summary>A thread that has time, and these flags, and does not run: of what runs the kernel writes down all at each entry.</summary>
    private static Thread* Waiting(ThreadFlags flags)
    {
        for (
            Capability* slot = DerivationTree.After(InitialComponent.Root);
            slot != null;
            slot = DerivationTree.After(slot)
        )
        {
            var thread = (Thread*)slot->Object;
            if (slot->Type != ObjectType.Thread)
            {
                continue;
            }
            bool hasTime = thread->SchedContext != null && thread->State != ThreadState.Running;
            if (hasTime && (thread->Flags & flags) == flags)
            {
                return thread;
            }
        }
        return null;
    }

    /// <summary>Another thread, one that was made of untyped memory, becomes readable in the caller's address space.</summary>
    private static bool ShowThread(Thread* caller)
    {
        for (
            Capability* slot = DerivationTree.After(InitialComponent.Root);
            slot != null;
            slot = DerivationTree.After(slot)
        )
        {
            if (slot->Type == ObjectType.Thread && slot->Object != caller)
            {
                ulong page = ((ulong)slot->Object - KernelLayout.DirectMap) & ~(UserLayout.PageSize - 1);
                const ulong unused = UserLayout.StackAreaBase + UserLayout.PageSize;
                ulong* entry = PageTables.Descend(caller->AddressSpace, unused, PageTables.PageLevel, out int level);
                if (level == PageTables.PageLevel)
                {
                    *entry = PageTableEntry.ForPlainPage(page, (ulong)FrameRights.Read).Value;
                }
                return level == PageTables.PageLevel;
            }
        }
        return false;
    }
}
