using System;
using Skerry.Base.Kernel;
using Skerry.Base.Rpc;
using Skerry.Base.Sessions;
using Skerry.Base.Startup;
using Environment = Skerry.Base.Startup.Environment;

namespace Skerry.Apps.ServersBench;

/// <summary>The other end of the measured calls: a service on the client's CPU, on its callers' time.</summary>
internal struct EchoServer(EndpointCapability raw) : IMessageHandler, IRoot, IEcho
{
    /// <summary>By this name the client's routes know it.</summary>
    public static ReadOnlySpan<byte> Service => "Echo"u8;

    public static ulong Run(in Environment environment)
    {
        if (!RawServer.Start(in environment, out EndpointCapability raw))
        {
            return Failure.NoServer;
        }
        if (
            ServiceEndpoint.Open(in environment, 0, out ServiceEndpoint endpoint) != AllocationResult.Ok
            || endpoint.Announce(in environment, Service) != ParentResult.Ok
        )
        {
            return Failure.NoServer;
        }
        environment.MainThread.ServeOnCallers();
        var server = new EchoServer(raw);
        endpoint.Serve(ref server);
        return Failure.NoServer;
    }

    public bool Handle(ref RpcMessage request, ref RpcMessage reply)
    {
        if (request.Badge == ServiceEndpoint.RootBadge)
        {
            RootDispatch.Dispatch(ref this, ref request, ref reply);
        }
        else
        {
            EchoDispatch.Dispatch(ref this, ref request, ref reply);
        }
        return true;
    }

    public SessionResult Open(
        SessionId session,
        ReadOnlySpan<byte> label,
        ReadOnlySpan<byte> arguments,
        Affinity affinity,
        Quota donation
    ) => SessionResult.Ok;

    public SessionResult Close(SessionId session) => SessionResult.Ok;

    public EchoResult Nothing() => EchoResult.Ok;

    public EchoResult Bytes(ReadOnlySpan<byte> bytes, Span<byte> echo)
    {
        if (bytes.Length > echo.Length)
        {
            return EchoResult.OutOfResources;
        }
        bytes.CopyTo(echo);
        return EchoResult.Ok;
    }

    public EchoResult Raw(out EndpointCapability endpoint)
    {
        endpoint = raw;
        return EchoResult.Ok;
    }
}
