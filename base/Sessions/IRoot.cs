using System;
using Skerry.Base.Rpc;

namespace Skerry.Base.Sessions;

/// <summary>What a service implements so that its parent can open sessions in the name of clients.</summary>
[RpcInterface]
public interface IRoot
{
    SessionResult Open(
        [MaximumLength(IParent.MaximumLabel)] ReadOnlySpan<byte> label,
        [MaximumLength(IParent.MaximumArguments)] ReadOnlySpan<byte> arguments,
        Affinity affinity,
        Quota donation,
        out SessionCapability session
    );

    SessionResult Close(SessionCapability session);
}
