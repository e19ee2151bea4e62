using Skerry.Abi;
using Skerry.Kernel.Capabilities;
using Skerry.Kernel.Machine;

namespace Skerry.Kernel.Operations;

/// <summary>Reading and writing the ports that a capability covers: its data is the first, its extent how many.</summary>
internal static unsafe class IoPortsOperations
{
    public static Status Invoke(Capability* capability, InvocationArguments arguments)
    {
        ulong port = arguments.Word0;
        var operation = (IoPortsOperation)arguments.Operation;
        ulong width = operation is IoPortsOperation.In32 or IoPortsOperation.Out32 ? 4u : 1u;
        if (port < capability->Data || port + width > capability->Data + capability->Extent || port > ushort.MaxValue)
        {
            return arguments.Refuse(Status.InvalidArgument, 0);
        }
        switch (operation)
        {
            case IoPortsOperation.In8:
                return arguments.Return(Hardware.In8((ushort)port));
            case IoPortsOperation.Out8:
                Hardware.Out8((ushort)port, (byte)arguments.Word1);
                return Status.Ok;
            case IoPortsOperation.In32:
                return arguments.Return(Hardware.In32((ushort)port));
            case IoPortsOperation.Out32:
                Hardware.Out32((ushort)port, (uint)arguments.Word1);
                return Status.Ok;
            default:
                return Status.UnknownOperation;
        }
    }
}
