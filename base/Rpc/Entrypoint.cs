using System.Runtime.CompilerServices;
using Skerry.Abi;
using Skerry.Base.Kernel;

namespace Skerry.Base.Rpc;

/// <summary>The loop of a server thread: receive, handle, reply and receive in one system call.</summary>
public static unsafe class Entrypoint
{
    /// <summary>
    /// Serves the endpoint until it goes away, and returns the status that said so. The running thread has a Reply
    /// object bound.
    /// </summary>
    [SkipLocalsInit]
    public static Status Serve<THandler>(ref THandler handler, EndpointCapability endpoint)
        where THandler : IMessageHandler, allows ref struct
    {
        RpcMessage request;
        RpcMessage reply;
        SystemCallFrame frame = default;
        ReceiveWindow.TryOpen(MessageLimits.MaximumCapabilities, out ReceiveWindow window);
        Status status = Receive(SystemCall.Recv, endpoint, ref frame);
        while (status == Status.Ok)
        {
            bool answer = HandleOne(ref handler, in frame, ref *&request, ref *&reply, ref window);
            if (answer)
            {
                MessageExchange.Store(ref *&reply, ref frame);
                status = Receive(SystemCall.ReplyRecv, endpoint, ref frame);
            }
            if (!answer || status != Status.Ok)
            {
                // A reply that its caller can't take is the caller's loss; only an endpoint that is gone ends the loop.
                status = Receive(SystemCall.Recv, endpoint, ref frame);
            }
        }
        return status;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Status Receive(SystemCall call, EndpointCapability endpoint, ref SystemCallFrame frame)
    {
        frame.Number = (ulong)call;
        frame.Address = endpoint.Slot.Value;
        return SystemCalls.Trap(ref frame);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static bool HandleOne<THandler>(
        ref THandler handler,
        in SystemCallFrame frame,
        ref RpcMessage request,
        ref RpcMessage reply,
        ref ReceiveWindow window
    )
        where THandler : IMessageHandler, allows ref struct
    {
        MessageExchange.Load(in frame, ref request);
        _ = new MessageWriter(ref reply, RpcLabel.Reply(RpcStatus.UnknownMethod));
        bool answer = true;
        if (request.CapabilityCount == 0 || !ReceiveWindow.IsFilledBy(ref request) || window.TryRenew(ref request))
        {
            answer = handler.Handle(ref request, ref reply);
        }
        else
        {
            // Who takes the last slots could not be sent a capability again: they are for the next window.
            reply.Label = RpcLabel.Reply(RpcStatus.NotDelivered);
        }
        if (answer && reply.Label.Method != (uint)RpcStatus.Ok)
        {
            MessageExchange.DiscardCapabilities(ref request);
        }
        if (!window.IsOpen)
        {
            ReceiveWindow.TryOpen(MessageLimits.MaximumCapabilities, out window);
        }
        window.Publish();
        return answer;
    }
}
