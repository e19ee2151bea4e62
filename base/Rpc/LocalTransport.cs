using System.Runtime.CompilerServices;
using Skerry.Abi;
using Skerry.Base.Kernel;

namespace Skerry.Base.Rpc;

/// <summary>Calls by kernel IPC: the server is in the same cluster, and the capability is in the own table.</summary>
public readonly struct LocalTransport(CapabilitySlot slot) : IRpcTransport
{
    public CapabilitySlot Slot { get; } = slot;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public RpcStatus Call(ref RpcMessage message, int capabilitiesExpected) =>
        message.CapabilityCount == 0 && capabilitiesExpected == 0
            ? CallWithWords(ref message)
            : CallWithCapabilities(ref message, capabilitiesExpected);

    private RpcStatus CallWithWords(ref RpcMessage message)
    {
        Message registers = MessageExchange.Store(ref message);
        Status status = new EndpointCapability(Slot).Call(ref registers);
        if (status != Status.Ok)
        {
            return RpcStatus.NotDelivered;
        }
        MessageExchange.Load(in registers, ref message);
        return (RpcStatus)message.Label.Method;
    }

    private RpcStatus CallWithCapabilities(ref RpcMessage message, int capabilitiesExpected)
    {
        if (!ReceiveWindow.TryOpen(capabilitiesExpected, out ReceiveWindow window))
        {
            return RpcStatus.NotDelivered;
        }
        RpcStatus status = CallWithWords(ref message);
        if (status == RpcStatus.NotDelivered)
        {
            message.CapabilityCount = 0;
        }
        window.Close(ref message);
        if (status != RpcStatus.Ok)
        {
            MessageExchange.DiscardCapabilities(ref message);
        }
        return status;
    }
}
