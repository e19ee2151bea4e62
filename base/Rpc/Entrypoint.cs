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
        Status status = endpoint.Recv(out Message registers);
        while (status == Status.Ok)
        {
            bool answer = HandleOne(ref handler, in registers, ref *&request, ref *&reply, ref window);
            if (answer)
            {
                registers = MessageExchange.Store(ref *&reply);
                status = endpoint.ReplyRecv(ref registers);
            }
            if (!answer || status != Status.Ok)
            {
                // A reply that its caller can't take is the caller's loss; only an endpoint that is gone ends the loop.
                status = endpoint.Recv(out registers);
            }
        }
        return status;
    }

    private static bool HandleOne<THandler>(
        ref THandler handler,
        in Message registers,
        ref RpcMessage request,
        ref RpcMessage reply,
        ref ReceiveWindow window
    )
        where THandler : IMessageHandler, allows ref struct
    {
        MessageExchange.Load(in registers, ref request);
        if (request.CapabilityCount != 0)
        {
            window.Close(ref request);
            ReceiveWindow.TryOpen(MessageLimits.MaximumCapabilities, out window);
        }
        reply.Label = RpcLabel.Reply(RpcStatus.UnknownMethod);
        reply.Length = 0;
        reply.CapabilityCount = 0;
        bool answer = handler.Handle(ref request, ref reply);
        if (answer && reply.Label.Method != (uint)RpcStatus.Ok)
        {
            MessageExchange.DiscardCapabilities(ref request);
        }
        window.Publish();
        return answer;
    }
}
