using System;
using Skerry.Base.Rpc;

namespace Skerry.Base.Sessions;

/// <summary>
/// What a component implements that offers a service. Its own session thread calls it in the parent's name: a parent never
/// waits for a child.
/// </summary>
[RpcInterface]
public interface IRoot
{
    /// <summary>A client is to have a session. What it will call arrives with the session as badge.</summary>
    /// <param name="session">The session; never <c>ServiceEndpoint.RootBadge</c>.</param>
    /// <param name="label">Who asks, as the parents see it: <c>client -> what the client calls it</c>.</param>
    /// <param name="arguments">What the client says.</param>
    /// <param name="affinity">Where it wants to be served, in the component's own space.</param>
    /// <param name="donation">What it gives; in the component's account if the answer is Ok, until the close.</param>
    SessionResult Open(
        SessionId session,
        [MaximumLength(IParent.MaximumFullLabel)] ReadOnlySpan<byte> label,
        [MaximumLength(IParent.MaximumArguments)] ReadOnlySpan<byte> arguments,
        Affinity affinity,
        Quota donation
    );

    /// <summary>The session's client has closed it, or has ended. Nobody calls it any more.</summary>
    /// <param name="session">One that was opened with Ok.</param>
    SessionResult Close(SessionId session);
}
