using Skerry.Abi;
using Skerry.Kernel.Capabilities;
using Skerry.Kernel.Cluster;
using Skerry.Kernel.Ipc;
using Skerry.Kernel.Objects;

namespace Skerry.Kernel.Operations;

/// <summary>Operations of endpoints.</summary>
internal static unsafe class EndpointOperations
{
    public static Status Invoke(Cpu* cpu, Capability* capability, InvocationArguments arguments)
    {
        switch ((EndpointOperation)arguments.Operation)
        {
            case EndpointOperation.JoinGroup:
                return JoinGroup(capability, arguments);
            case EndpointOperation.CancelBadgedSends:
                return CancelBadgedSends(cpu, capability, arguments);
            default:
                return Status.UnknownOperation;
        }
    }

    private static Status JoinGroup(Capability* capability, InvocationArguments arguments)
    {
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

    /// <summary>
    /// One sweep over the endpoint at a time. Who comes while another one's is not finished helps it to its end, so that
    /// two cannot keep each other from theirs. Word 3 is 0 at first; made again, the call finds there which sweep is its own.
    /// </summary>
    private static Status CancelBadgedSends(Cpu* cpu, Capability* capability, InvocationArguments arguments)
    {
        if (capability->Rights != (byte)EndpointRights.All)
        {
            return Status.MissingRight;
        }
        var endpoint = (Endpoint*)capability->Object;
        ulong own = arguments.Word3;
        while (own == 0 || SenderSweep.IsUnderWay(endpoint, own))
        {
            if (!SenderSweep.IsUnderWay(endpoint))
            {
                own = BeginSweep(endpoint, capability, arguments);
            }
            SenderSweep.Step(cpu, endpoint);
            if (own == 0 && !SenderSweep.IsUnderWay(endpoint))
            {
                // Another one's has ended: before anybody else begins one.
                own = BeginSweep(endpoint, capability, arguments);
            }
            if (Preemption.IsDue(cpu))
            {
                return Invocation.Restart;
            }
        }
        arguments.KeepWord3(0);
        return Status.Ok;
    }

    private static ulong BeginSweep(Endpoint* endpoint, Capability* capability, InvocationArguments arguments)
    {
        ulong own = SenderSweep.Begin(endpoint, capability->Badge);
        arguments.KeepWord3(own);
        return own;
    }
}
