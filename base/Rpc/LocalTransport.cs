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
        var frame = new SystemCallFrame
        {
            Rax = (ulong)SystemCall.Call,
            Rdi = Slot.Value,
            Rsi = MessageInfo.Of(label.Value, length).Value,
            Rdx = words.Word0,
            R8 = words.Word1,
            R9 = words.Word2,
            R10 = words.Word3,
        };
        if (SystemCalls.Trap(ref frame) != Status.Ok)
        {
            return RpcStatus.NotDelivered;
        }
        words.Word0 = frame.Rdx;
        words.Word1 = frame.R8;
        words.Word2 = frame.R9;
        words.Word3 = frame.R10;
        var info = new MessageInfo(frame.Rsi);
        var status = (RpcStatus)new RpcLabel(info.Label).Method;
        return status == RpcStatus.Ok && info.Length != replyLength ? RpcStatus.BadMessage : status;
    }

    private RpcStatus CallWithWords(ref RpcMessage message)
    {
        SystemCallFrame frame = default;
        frame.Rax = (ulong)SystemCall.Call;
        frame.Rdi = Slot.Value;
        MessageExchange.Store(ref message, ref frame);
        if (SystemCalls.Trap(ref frame) != Status.Ok)
        {
            return RpcStatus.NotDelivered;
        }
        MessageExchange.Load(in frame, ref message);
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
