using System.Runtime.CompilerServices;
using Skerry.Abi;
using Skerry.Kernel.Capabilities;
using Skerry.Kernel.Cluster;
using Skerry.Kernel.Memory;
using Skerry.Kernel.Objects;

namespace Skerry.Kernel.Operations;

/// <summary>Operations of frames.</summary>
internal static unsafe class FrameOperations
{
    public static Status Invoke(Cpu* cpu, Capability* frame, InvocationArguments arguments)
    {
        var operation = (FrameOperation)arguments.Operation;
        // Made before all others together, so it does not wait for the switch.
        if (operation == FrameOperation.Map)
        {
            return Map(cpu, frame, arguments);
        }
        switch (operation)
        {
            case FrameOperation.Unmap:
                return Unmap(cpu, frame);
            case FrameOperation.Derive:
                return Derive(frame, arguments);
            case FrameOperation.Query:
                ulong window = frame->MappedIn == null ? 0 : frame->WindowAddress;
                return arguments.Return(frame->PhysicalBase, frame->Extent, window);
            default:
                return Status.UnknownOperation;
        }
    }

    private static Status Map(Cpu* cpu, Capability* frame, InvocationArguments arguments)
    {
        Status status = Lookup.Find(
            arguments.Caller,
            arguments.Low(arguments.Word0),
            ObjectType.AddressSpace,
            out Capability* space
        );
        if (status != Status.Ok)
        {
            return arguments.Refuse(status, 0);
        }
        var target = (AddressSpace*)space->Object;
        bool isMapped =
            arguments.Word3 == 1
            && Mapping.MapOne(frame, target, arguments.High(arguments.Word0), arguments.Word1, arguments.Word2);
        return isMapped ? arguments.Return(1) : MapSome(cpu, frame, target, arguments);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static Status MapSome(Cpu* cpu, Capability* frame, AddressSpace* space, InvocationArguments arguments)
    {
        Status status = Mapping.MapSome(
            cpu,
            frame,
            space,
            arguments.High(arguments.Word0),
            arguments.Word1,
            arguments.Word2,
            arguments.Word3,
            out ulong detail
        );
        return status == Status.Ok ? arguments.Return(detail) : arguments.Refuse(status, detail);
    }

    /// <summary>If it gives way before all is out, the call is made again and goes on where it stopped.</summary>
    private static Status Unmap(Cpu* cpu, Capability* frame)
    {
        // If its address space has gone while it was being unmapped, then so have its pages.
        if (frame->MappedIn == null && !Mapping.IsUnmapping(frame))
        {
            return Status.NotMapped;
        }
        while (!Mapping.UnmapStep(cpu, frame))
        {
            if (Preemption.IsDue(cpu))
            {
                return Invocation.Restart;
            }
        }
        return Status.Ok;
    }

    private static Status Derive(Capability* frame, InvocationArguments arguments)
    {
        ulong offset = arguments.Word1;
        ulong pages = arguments.Word2;
        if (offset % UserLayout.PageSize != 0)
        {
            return arguments.Refuse(Status.Misaligned, 1);
        }
        ulong first = offset / UserLayout.PageSize;
        if (first >= frame->Extent || pages == 0 || pages > frame->Extent - first)
        {
            return arguments.Refuse(Status.InvalidArgument, 2);
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
        slot->Write(ObjectType.Frame, frame->Rights, frame->PhysicalBase + offset, 0, (uint)pages);
        DerivationTree.InsertChild(frame, slot);
        return Status.Ok;
    }
}
