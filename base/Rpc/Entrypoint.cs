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
        ReceiveWindow.TryOpen(MessageLimits.MaximumCapabilities, out ReceiveWindow window);
        Status status = Receive(endpoint, ref *&request);
        while (status == Status.Ok)
        {
            bool answer = HandleOne(ref handler, ref *&request, ref *&reply, ref window);
            if (answer)
            {
                MessageExchange.Store(ref *&reply);
                status = Trap(SystemCall.ReplyRecv, endpoint, ref *&reply, ref *&request);
            }
            if (!answer || status != Status.Ok)
            {
                // A reply that its caller can't take is the caller's loss; only an endpoint that is gone ends the loop.
                status = Receive(endpoint, ref *&request);
            }
        }
        return status;
    }

    private static Status Receive(EndpointCapability endpoint, ref RpcMessage request)
    {
        request.Registers = default;
        return Trap(SystemCall.Recv, endpoint, ref request, ref request);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Status Trap(
        SystemCall call,
        EndpointCapability endpoint,
        ref RpcMessage sent,
        ref RpcMessage received
    )
    {
        sent.Registers.Number = (ulong)call;
        sent.Registers.Address = endpoint.Slot.Value;
        return SystemCalls.Trap(ref sent.Registers, ref received.Registers);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static bool HandleOne<THandler>(
        ref THandler handler,
        ref RpcMessage request,
        ref RpcMessage reply,
        ref ReceiveWindow window
    )
        where THandler : IMessageHandler, allows ref struct
    {
        MessageExchange.Load(ref request);
        reply.Registers = default;
        reply.Begin(RpcLabel.Reply(RpcStatus.UnknownMethod), 0, 0);
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
