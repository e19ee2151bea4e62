using System.Runtime.CompilerServices;
using Skerry.Abi;
using Skerry.Kernel.Capabilities;
using Skerry.Kernel.Objects;

namespace Skerry.Kernel.Scheduling;

/// <summary>
/// Who may use a CPU's time: a SchedControl capability says of one CPU up to which priority, and how much. What is derived
/// from it, the contexts whose time is drawn from it and the threads that have their priority by it are its children in the
/// derivation tree, so Revoke takes all of that back. Under the cluster lock.
/// </summary>
/// <remarks>
/// <code>
///   63 61 60  58 57      52 51                32 31                 0
///  +-----+------+----------+--------------------+--------------------+
///  |  0  |depth | priority |  share (millionths)|  link to its parent|  data of the slot
///  +-----+------+----------+--------------------+--------------------+
/// </code>
/// The object is the CPU's block, the extent the sum of its children's shares. A control of the whole CPU is no limit: it
/// counts nothing. Any other counts each child, so that together they never have more than it (docs/decisions/0070). What
/// goes gives its share back to the parent, found by the link: so a control with children stays in its slot, and goes after
/// them. None has more than 7 above it, which bounds the way to the last.
/// </remarks>
internal static unsafe class SchedulingControls
{
    private const int ShareShift = 32;
    private const int PriorityShift = 52;
    private const int DepthShift = 58;
    private const uint ShareMask = (1 << (PriorityShift - ShareShift)) - 1;
    private const uint PriorityMask = ReadyQueues.Priorities - 1;

    /// <summary>Data of the kernel's own control of a CPU, the first of a line.</summary>
    public const ulong Everything = ((ulong)PriorityMask << PriorityShift) | ((ulong)SchedShare.Whole << ShareShift);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Cpu* CpuOf(Capability* control) => (Cpu*)control->Object;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static uint HighestPriority(Capability* control) => (uint)(control->Data >> PriorityShift) & PriorityMask;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static uint Share(Capability* control) => (uint)(control->Data >> ShareShift) & ShareMask;

    public static uint Depth(Capability* control) => (uint)(control->Data >> DepthShift);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool IsWhole(Capability* control) => Share(control) == SchedShare.Whole;

    /// <summary>The control that it was derived from; null of the kernel's own.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Capability* ParentOf(Capability* control) =>
        (uint)control->Data == 0 ? null : Capability.At((uint)control->Data);

    /// <summary>
    /// Whether one that it was derived from is being deleted: then it goes too, and hands out nothing that would have to go as
    /// well. At most as many steps as controls can be derived from each other.
    /// </summary>
    public static bool IsGoing(Capability* control)
    {
        Capability* above = ParentOf(control);
        while (above != null && above->Type != Capability.Dying)
        {
            above = ParentOf(above);
        }
        return above != null;
    }

    /// <summary>
    /// Whether a control can hand out a share: to a new child, or in place of what a binding, which may be empty, has now.
    /// </summary>
    public static Status Admits(Capability* control, uint share, Capability* binding)
    {
        if (IsWhole(control))
        {
            return Status.Ok;
        }
        uint given = Share(control);
        if (share > given)
        {
            return Status.MissingRight;
        }
        bool isOwn = binding != null && !binding->IsEmpty && ParentOf(binding) == control;
        uint others = control->Extent - (isOwn ? Share(binding) : 0);
        return share <= given - others ? Status.Ok : Status.OutOfTime;
    }

    /// <summary>
    /// Whether a context's time by this control would be a part of it that the context does not have yet. What has been used
    /// of that part, by whoever had it until now, the context does not know (docs/decisions/0080).
    /// </summary>
    public static bool IsNewShare(Capability* control, SchedContext* context, ulong budget, ulong period)
    {
        bool isSame = context->Budget == budget && context->Period == period;
        bool isItsOwn = !context->ControlBinding.IsEmpty && ParentOf(&context->ControlBinding) == control;
        return !IsWhole(control) && !(isSame && isItsOwn);
    }

    /// <summary>A child in an empty slot of a table. It was admitted.</summary>
    public static void Derive(Capability* control, Capability* slot, uint priority, uint share) =>
        Draw(control, slot, priority, share, Depth(control) + 1);

    /// <summary>
    /// A thread or context has its priority or time by this control from now on, in place of what it had it by. It was
    /// admitted.
    /// </summary>
    public static void Bind(Capability* control, Capability* binding, BindingKind kind, uint priority, uint share)
    {
        Release(binding);
        Draw(control, binding, priority, share, 0);
        binding->SetBinding(kind);
    }

    /// <summary>What a binding, which is not empty, has by one control it has by another from now on. It was admitted.</summary>
    public static void Transfer(Capability* control, Capability* binding, uint priority)
    {
        uint share = Share(binding);
        GiveBack(binding);
        DerivationTree.Remove(binding);
        binding->Retarget(control, DataOf(control, priority, share, 0));
        DerivationTree.InsertChild(control, binding);
        if (!IsWhole(control))
        {
            control->SetExtent(control->Extent + share);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static ulong DataOf(Capability* parent, uint priority, uint share, uint depth) =>
        ((ulong)depth << DepthShift)
        | ((ulong)priority << PriorityShift)
        | ((ulong)share << ShareShift)
        | Capability.LinkTo(parent);

    private static void Draw(Capability* control, Capability* slot, uint priority, uint share, uint depth)
    {
        ulong data = DataOf(control, priority, share, depth);
        slot->Write(ObjectType.SchedControl, 7, control->PhysicalBase, data, 0);
        DerivationTree.InsertChild(control, slot);
        if (!IsWhole(control))
        {
            control->SetExtent(control->Extent + share);
        }
    }

    /// <summary>Empties the slot of a thread or context, which has no time or priority afterwards.</summary>
    public static void Release(Capability* binding)
    {
        if (!binding->IsEmpty)
        {
            GiveBack(binding);
            DerivationTree.Remove(binding);
            binding->Clear();
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void GiveBack(Capability* slot)
    {
        Capability* parent = ParentOf(slot);
        if (parent != null && !IsWhole(parent))
        {
            parent->SetExtent(parent->Extent - Share(slot));
        }
    }

    /// <summary>
    /// A step of a control's deletion: without children it can go, and its share goes back. Else the last of the last's
    /// children goes. Nobody derives anything any more from those on the way, nor (<see cref="IsGoing"/>) from those beside it.
    /// </summary>
    /// <returns>Whether it can go now.</returns>
    public static bool Dismantle(Cpu* cpu, Capability* slot)
    {
        if (!DerivationTree.HasChildren(slot))
        {
            GiveBack(slot);
            return true;
        }
        Capability* last = slot;
        while (DerivationTree.HasChildren(last))
        {
            last->BeginDying(Remains.Derived);
            last = last->LastChild;
        }
        GiveBack(last);
        Deletion.Drop(cpu, last);
        return false;
    }
}
