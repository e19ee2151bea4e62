using System;
using Skerry.Apps.Ping;
using Skerry.Base.Kernel;
using Skerry.Base.Rpc;
using Skerry.Base.Sessions;
using Skerry.Base.Startup;

namespace Skerry.Apps.PingServer;

/// <summary>
/// One endpoint for both: the parent asks the root, by the capability with badge <see cref="ServiceEndpoint.RootBadge"/>, to open sessions;
/// clients call their session, which is the same endpoint with another badge.
/// </summary>
internal struct PingServer(ServiceEndpoint endpoint) : IMessageHandler, IRoot, IPing
{
    private ulong _lastBadge = ServiceEndpoint.RootBadge;

    public bool Handle(ref RpcMessage request, ref RpcMessage reply)
    {
        if (request.Badge == ServiceEndpoint.RootBadge)
        {
            RootDispatch.Dispatch(ref this, ref request, ref reply);
        }
        else
        {
            PingDispatch.Dispatch(ref this, ref request, ref reply);
        }
        return true;
    }

    public SessionResult Open(
        ReadOnlySpan<byte> label,
        ReadOnlySpan<byte> arguments,
        Affinity affinity,
        Quota donation,
        out SessionCapability session
    )
    {
        bool made = endpoint.TryMint(++_lastBadge, out Capability capability);
        session = new SessionCapability(capability);
        return made ? SessionResult.Ok : SessionResult.OutOfCapabilities;
    }

    /// <summary>A session has no state here: the parent takes the client's capability away.</summary>
    public SessionResult Close(SessionCapability session) => SessionResult.Ok;

    public PingResult Increment(ulong value, out ulong result)
    {
        result = value + 1;
        return PingResult.Ok;
    }
}
