using Skerry.Abi;
using Skerry.Kernel.Capabilities;
using Skerry.Kernel.Machine;

namespace Skerry.Kernel.Operations;

/// <summary>Reading and writing the ports that a capability covers: its data is the first, its extent how many.</summary>
internal static unsafe class IoPortsOperations
{
    public static Status Invoke(Capability* capability, InvocationArguments arguments)
    {
        switch ((IoPortsOperation)arguments.Operation)
        {
            case IoPortsOperation.In8:
            case IoPortsOperation.Out8:
                return Access(capability, arguments, 1);
            case IoPortsOperation.In16:
            case IoPortsOperation.Out16:
                return Access(capability, arguments, 2);
            case IoPortsOperation.In32:
            case IoPortsOperation.Out32:
                return Access(capability, arguments, 4);
            case IoPortsOperation.Derive:
                return Derive(capability, arguments);
            default:
                return Status.UnknownOperation;
        }
    }

    private static Status Access(Capability* capability, InvocationArguments arguments, ulong width)
    {
        if (!Covers(capability, arguments.Word0, width))
        {
            return arguments.Refuse(Status.InvalidArgument, 0);
        }
        var port = (ushort)arguments.Word0;
        switch ((IoPortsOperation)arguments.Operation)
        {
            case IoPortsOperation.In8:
                return arguments.Return(Hardware.In8(port));
            case IoPortsOperation.In16:
                return arguments.Return(Hardware.In16(port));
            case IoPortsOperation.In32:
                return arguments.Return(Hardware.In32(port));
            case IoPortsOperation.Out8:
                Hardware.Out8(port, (byte)arguments.Word1);
                return Status.Ok;
            case IoPortsOperation.Out16:
                Hardware.Out16(port, (ushort)arguments.Word1);
                return Status.Ok;
            default:
                Hardware.Out32(port, (uint)arguments.Word1);
                return Status.Ok;
        }
    }

    private static Status Derive(Capability* capability, InvocationArguments arguments)
    {
        ulong first = arguments.Word1;
        ulong count = arguments.Word2;
        if (!Covers(capability, first, 1))
        {
            return arguments.Refuse(Status.InvalidArgument, 1);
        }
        if (count == 0 || !Covers(capability, first, count))
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
        slot->Write(ObjectType.IoPorts, capability->Rights, 0, first, (uint)count);
        DerivationTree.InsertChild(capability, slot);
        return Status.Ok;
    }

    /// <summary>All ports from this one on, any numbers: what a capability covers ends at port 65535 at the latest.</summary>
    private static bool Covers(Capability* capability, ulong first, ulong count)
    {
        ulong end = capability->Data + capability->Extent;
        return first >= capability->Data && first < end && count <= end - first;
    }
}
