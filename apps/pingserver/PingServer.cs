using System;
using Skerry.Abi;
using Skerry.Apps.Ping;
using Skerry.Base.Kernel;
using Skerry.Base.Rpc;
using Skerry.Base.Sessions;

namespace Skerry.Apps.PingServer;

/// <summary>
/// One endpoint for both: the parent asks the root, by the capability with <see cref="RootBadge"/>, to open sessions;
/// clients call their session, which is the same endpoint with another badge.
/// </summary>
internal struct PingServer(EndpointCapability endpoint) : IMessageHandler, IRoot, IPing
{
    public const ulong RootBadge = 1;

    private ulong _lastBadge = RootBadge;

    public bool Handle(ref RpcMessage request, ref RpcMessage reply)
    {
        if (request.Badge == RootBadge)
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
        session = default;
        if (!CapabilitySlots.TryAllocate(out CapabilitySlot slot))
        {
            return SessionResult.OutOfCapabilities;
        }
        CapTableCapability own = CapTableCapability.Own;
        if (own.Mint(slot, own, endpoint, EndpointRights.Send | EndpointRights.Grant, ++_lastBadge) != Status.Ok)
        {
            CapabilitySlots.Free(slot);
            return SessionResult.OutOfCapabilities;
        }
        session = new SessionCapability(Capability.In(slot));
        return SessionResult.Ok;
    }

    /// <summary>A session has no state here: the parent takes the client's capability away.</summary>
    public SessionResult Close(SessionCapability session) => SessionResult.Ok;

    public PingResult Increment(ulong value, out ulong result)
    {
        result = value + 1;
        return PingResult.Ok;
    }
}
