using Skerry.Abi;
using Skerry.Abi.Boot;
using Skerry.Kernel.Scheduling;

namespace Skerry.Kernel.Capabilities;

/// <summary>Which capabilities may be among those that a revoke takes away.</summary>
internal static unsafe class RevokeScope
{
    /// <summary>
    /// Whether a capability may have been derived from the revoked one: by what it designates and allows, as no capability but a scheduling control knows who is above it: what is derived is of
    /// the same object or within it, has the same badge if there was one, and no right more.
    /// </summary>
    public static bool Includes(Capability* revoked, Capability* source)
    {
        switch (revoked->Type)
        {
            case ObjectType.Untyped:
                bool isAbove = source->Type == ObjectType.Untyped && source->Extent > revoked->Extent;
                return !isAbove && PlaceOf(source) - revoked->PhysicalBase < 1ul << (int)revoked->Extent;
            case ObjectType.SchedControl:
                return source->Type == ObjectType.SchedControl && IsBelow(revoked, source);
            case ObjectType.DoorbellControl:
            case ObjectType.MemoryControl:
            case ObjectType.IrqControl:
                // They say how to make something, and what that is has nothing to do with where they are.
                return source->Type == revoked->Type || source->Type == MadeBy(revoked->Type);
            default:
                return source->Type == revoked->Type
                    && (source->Rights & ~revoked->Rights) == 0
                    && (source->Object == revoked->Object || revoked->Type is ObjectType.Frame)
                    && IsPart(revoked, source);
        }
    }

    /// <summary>Of two capabilities of the same type: whether the one could be a part or a copy of what is being revoked.</summary>
    private static bool IsPart(Capability* revoked, Capability* source)
    {
        switch (revoked->Type)
        {
            case ObjectType.Frame:
                return Lies(revoked, source, source->PhysicalBase - revoked->PhysicalBase, UserLayout.PageSize);
            case ObjectType.IoPorts:
                // The number of the first port; Extent says how many.
                return Lies(revoked, source, source->Data - revoked->Data, 1);
            case ObjectType.Doorbell:
                // The APIC id of its CPU.
                return source->Data == revoked->Data;
            case ObjectType.Endpoint:
                return revoked->Badge == 0 || source->Badge == revoked->Badge;
            case ObjectType.Notification:
                return revoked->Extent == 0 || (source->Extent != 0 && source->Bits == revoked->Bits);
            default:
                return true;
        }
    }

    private static bool Lies(Capability* revoked, Capability* source, ulong offset, ulong unit)
    {
        ulong length = revoked->Extent * unit;
        return offset < length && source->Extent * unit <= length - offset;
    }

    /// <summary>At most as many steps as controls can be derived from each other.</summary>
    private static bool IsBelow(Capability* revoked, Capability* control)
    {
        while (control != null && control != revoked)
        {
            control = SchedulingControls.ParentOf(control);
        }
        return control != null;
    }

    /// <summary>Physical address of what a capability designates; of what is no memory, none that an Untyped has.</summary>
    private static ulong PlaceOf(Capability* source) =>
        source->Type is ObjectType.Frame or ObjectType.Untyped
            ? source->PhysicalBase
            : (ulong)source->Object - KernelLayout.DirectMap;

    private static ObjectType MadeBy(ObjectType control) =>
        control switch
        {
            ObjectType.DoorbellControl => ObjectType.Doorbell,
            ObjectType.MemoryControl => ObjectType.Frame,
            ObjectType.IrqControl => ObjectType.IrqHandler,
            _ => control,
        };
}
