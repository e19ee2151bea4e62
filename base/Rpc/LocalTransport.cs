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

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public RpcStatus CallWords(RpcLabel label, int length, ref RpcWords words, int replyLength)
    {
        words.Registers.Number = (ulong)SystemCall.Call;
        words.Registers.Address = Slot.Value;
        words.Registers.Info = MessageInfo.Of(label.Value, length).Value;
        if (SystemCalls.Trap(ref words.Registers) != Status.Ok)
        {
            return RpcStatus.NotDelivered;
        }
        var info = new MessageInfo(words.Registers.Info);
        var status = (RpcStatus)new RpcLabel(info.Label).Method;
        return status == RpcStatus.Ok && info.Length != replyLength ? RpcStatus.BadMessage : status;
    }

    private RpcStatus CallWithWords(ref RpcMessage message)
    {
        MessageExchange.Store(ref message);
        message.Registers.Number = (ulong)SystemCall.Call;
        message.Registers.Address = Slot.Value;
        if (SystemCalls.Trap(ref message.Registers) != Status.Ok)
        {
            return RpcStatus.NotDelivered;
        }
        MessageExchange.Load(ref message);
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
