using Skerry.Abi;
using Skerry.Kernel.Capabilities;
using Skerry.Kernel.Objects;

namespace Skerry.Kernel.Operations;

/// <summary>Operations of endpoints.</summary>
internal static unsafe class EndpointOperations
{
    public static Status Invoke(Capability* capability, InvocationArguments arguments)
    {
        if ((EndpointOperation)arguments.Operation != EndpointOperation.JoinGroup)
        {
            return Status.UnknownOperation;
        }
        if ((capability->Rights & (byte)EndpointRights.Receive) == 0)
        {
            return Status.MissingRight;
        }
        Status status = Lookup.Find(
            arguments.Caller,
            arguments.Low(arguments.Word0),
            ObjectType.Endpoint,
            (byte)EndpointRights.Receive,
            out Capability* other
        );
        if (status != Status.Ok)
        {
            return arguments.Refuse(status, 0);
        }
        ((Endpoint*)capability->Object)->Group = ((Endpoint*)other->Object)->Group;
        return Status.Ok;
    }
}
