using System;
using Skerry.Apps.Ping;
using Skerry.Base.Rpc;
using Skerry.Base.Sessions;
using Skerry.Base.Startup;

namespace Skerry.Apps.PingServer;

/// <summary>
/// One endpoint for both: the component's session thread asks the root, by the capability with badge
/// <see cref="ServiceEndpoint.RootBadge"/>, whether a client may have a session; clients call their session, which is the
/// same endpoint with another badge.
/// </summary>
internal struct PingServer : IMessageHandler, IRoot, IPing
{
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

    /// <summary>Everybody may; a session has no state here.</summary>
    public SessionResult Open(
        SessionId session,
        ReadOnlySpan<byte> label,
        ReadOnlySpan<byte> arguments,
        Affinity affinity,
        Quota donation
    ) => SessionResult.Ok;

    public SessionResult Close(SessionId session) => SessionResult.Ok;

    public PingResult Increment(ulong value, out ulong result)
    {
        result = value + 1;
        return PingResult.Ok;
    }
}
