using Skerry.Kernel.Objects;

namespace Skerry.Kernel.Capabilities;

/// <summary>
/// Slots that lie in objects instead of tables, so that what an object uses can't go away behind its back: the slot is
/// in the derivation tree, and when it is deleted the object forgets its pointer. The kind stands in the slot.
/// </summary>
internal enum BindingKind : uint
{
    /// <summary>An ordinary slot of a table.</summary>
    None = 0,
    ThreadCapTable = 1,
    ThreadAddressSpace = 2,
    ThreadBuffer = 3,
    FaultTable = 4,
    Doorbell = 5,
    Irq = 6,
    Trace = 7,

    /// <summary>By which control a thread has its priority on its CPU (Scheduling/SchedulingControls).</summary>
    ThreadControl = 8,

    /// <summary>By which control a scheduling context has its time.</summary>
    ContextControl = 9,
}

/// <summary>From a binding slot to the object it lies in.</summary>
internal static unsafe class BindingOwner
{
    // Safety: each kind stands at one place of one kind of object; Bind writes both together.
    public static Thread* ThreadOf(Capability* binding, BindingKind kind)
    {
        var thread = (Thread*)binding;
        void* field = kind switch
        {
            BindingKind.ThreadCapTable => &thread->CapTableBinding,
            BindingKind.ThreadAddressSpace => &thread->AddressSpaceBinding,
            BindingKind.ThreadControl => &thread->ControlBinding,
            _ => &thread->BufferBinding,
        };
        return (Thread*)((byte*)binding - ((byte*)field - (byte*)thread));
    }

    public static AddressSpace* SpaceOf(Capability* binding)
    {
        var space = (AddressSpace*)binding;
        return (AddressSpace*)((byte*)binding - ((byte*)&space->FaultTableBinding - (byte*)space));
    }

    public static SchedContext* ContextOf(Capability* binding)
    {
        var context = (SchedContext*)binding;
        return (SchedContext*)((byte*)binding - ((byte*)&context->ControlBinding - (byte*)context));
    }

    /// <summary>The CPU whose kernel entries are recorded in the frame that is held.</summary>
    public static Cpu* TracedCpu(Capability* binding)
    {
        var cpu = (Cpu*)binding;
        return ((Cpu*)((byte*)binding - ((byte*)&cpu->Trace.Binding - (byte*)cpu)))->Self;
    }

    /// <summary>
    /// Puts a copy of a capability into an object's slot, in place of what was there. A table that ends is put aside,
    /// since it may take anything along, the object and the source included: whoever binds tables ends with
    /// <see cref="Deletion.EmptyTables"/>, and uses nothing afterwards that was looked up before.
    /// </summary>
    /// <returns>
    /// Restart if what was there takes longer to delete than an interrupt may wait: a notification where many wait,
    /// which takes nothing along.
    /// </returns>
    public static Abi.Status Bind(Cpu* cpu, Capability* source, Capability* binding, BindingKind kind)
    {
        if (Revocation.Concerns(source))
        {
            return Revocation.Help(cpu);
        }
        return Empty(cpu, binding) ? Fill(source, binding, kind) : Operations.Invocation.Restart;
    }

    /// <summary>
    /// The first half of <see cref="Bind"/>. No other CPU is held meanwhile but by the steps: it would stand still for
    /// all of them.
    /// </summary>
    /// <returns>False if it gives way.</returns>
    public static bool Empty(Cpu* cpu, Capability* binding)
    {
        while (!Deletion.DeleteOne(cpu, binding))
        {
            if (Cluster.Preemption.IsDue(cpu))
            {
                return false;
            }
        }
        return true;
    }

    /// <summary>The second half.</summary>
    public static Abi.Status Fill(Capability* source, Capability* binding, BindingKind kind)
    {
        Abi.Status status = Copying.Derive(source, binding, 7, 0);
        if (status == Abi.Status.Ok)
        {
            binding->SetBinding(kind);
        }
        return status;
    }
}
