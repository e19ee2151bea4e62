using Skerry.Abi;
using Skerry.Kernel.Capabilities;
using Skerry.Kernel.Interrupts;
using Skerry.Kernel.Memory;

namespace Skerry.Kernel.Operations;

/// <summary>What core alone may do: make doorbells and frames of foreign memory.</summary>
internal static unsafe class ControlOperations
{
    public static Status Invoke(Capability* capability, InvocationArguments arguments)
    {
        switch (capability->Type)
        {
            case ObjectType.DoorbellControl
                when (DoorbellControlOperation)arguments.Operation == DoorbellControlOperation.Make:
                return MakeDoorbell(capability, arguments);
            case ObjectType.MemoryControl
                when (MemoryControlOperation)arguments.Operation == MemoryControlOperation.MakeFrame:
                return MakeFrame(capability, arguments);
            default:
                return Status.UnknownOperation;
        }
    }

    private static Status MakeDoorbell(Capability* control, InvocationArguments arguments)
    {
        ulong apicId = arguments.Word1;
        if (apicId > LocalApic.LargestApicId)
        {
            return arguments.Refuse(Status.InvalidArgument, 1);
        }
        Status status = Lookup.FindEmpty(
            arguments.Caller,
            arguments.Low(arguments.Word0),
            arguments.High(arguments.Word0),
            out Capability* slot
        );
        if (status != Status.Ok)
        {
            return arguments.Refuse(status, 0);
        }
        slot->Write(ObjectType.Doorbell, 7, 0, apicId, 0);
        DerivationTree.InsertChild(control, slot);
        return Status.Ok;
    }

    private static Status MakeFrame(Capability* control, InvocationArguments arguments)
    {
        ulong physical = arguments.Word1;
        ulong pages = arguments.Word2;
        if (physical % UserLayout.PageSize != 0)
        {
            return arguments.Refuse(Status.Misaligned, 1);
        }
        if (
            pages is 0 or > Capability.MaximumExtent
            || physical > OwnedMemory.PhysicalEnd
            || pages * UserLayout.PageSize > OwnedMemory.PhysicalEnd - physical
        )
        {
            return arguments.Refuse(Status.InvalidArgument, 2);
        }
        ulong bytes = pages * UserLayout.PageSize;
        bool isKernels = IoApics.Overlaps(physical, bytes) || LocalApic.Overlaps(physical, bytes);
        if (isKernels || OwnedMemory.Overlaps(physical, bytes))
        {
            return arguments.Refuse(Status.InvalidArgument, 1);
        }
        Status status = Lookup.FindEmpty(
            arguments.Caller,
            arguments.Low(arguments.Word0),
            arguments.High(arguments.Word0),
            out Capability* slot
        );
        if (status != Status.Ok)
        {
            return arguments.Refuse(status, 0);
        }
        slot->Write(ObjectType.Frame, (byte)FrameRights.All, physical, 0, (uint)pages);
        DerivationTree.InsertChild(control, slot);
        return Status.Ok;
    }
}
