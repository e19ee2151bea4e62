using Skerry.Abi;
using Skerry.Kernel.Capabilities;
using Skerry.Kernel.Scheduling;

namespace Skerry.Kernel.Checking;

/// <summary>Scheduling controls: nothing that was derived from one has more than it, and what it handed out adds up.</summary>
internal static unsafe partial class Checker
{
    private static void CheckControl(Capability* parent, Capability* slot)
    {
        bool limits =
            SchedulingControls.ParentOf(slot) == parent
            && SchedulingControls.CpuOf(slot) == SchedulingControls.CpuOf(parent)
            && SchedulingControls.HighestPriority(slot) <= SchedulingControls.HighestPriority(parent)
            && SchedulingControls.Share(slot) <= SchedulingControls.Share(parent)
            && SchedulingControls.Depth(slot)
                == (slot->Binding == BindingKind.None ? SchedulingControls.Depth(parent) + 1 : 0)
            && SchedulingControls.Depth(slot) <= SchedShare.MaximumDepth;
        Require(limits, CheckedRule.ControlLimits, slot);
    }

    /// <summary>Of one that is no child's parent, too.</summary>
    private static void CheckAccount(Capability* control)
    {
        ulong sum = 0;
        Capability* last = control->LastChild;
        for (Capability* child = last == null ? null : last->Next; child != null; )
        {
            sum += SchedulingControls.Share(child);
            child = child == last ? null : child->Next;
        }
        bool counts = !SchedulingControls.IsWhole(control);
        bool adds = control->Extent == (counts ? sum : 0) && control->Extent <= SchedulingControls.Share(control);
        Require(adds, CheckedRule.ControlAccount, control);
    }
}
