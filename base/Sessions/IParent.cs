using System;
using Skerry.Base.Rpc;

namespace Skerry.Base.Sessions;

/// <summary>What every component has from its first instruction: the one it asks for all else.</summary>
[RpcInterface]
public interface IParent
{
    /// <summary>The longest name of a service, label and argument text, in bytes.</summary>
    public const int MaximumService = 32;
    public const int MaximumLabel = 96;
    public const int MaximumArguments = 192;

    /// <summary>
    /// Opens a session.
    /// </summary>
    /// <param name="service">The service's name: "LOG", "ROM", "PD" and so on.</param>
    /// <param name="label">What the child calls the session; the parent puts the child's own label in front.</param>
    /// <param name="arguments">What the service asks to be told, as it documents.</param>
    /// <param name="affinity">Where the session's work is to be done, in the child's affinity space.</param>
    /// <param name="donation">What the child gives for the session's cost, out of its own account.</param>
    /// <param name="session">The session.</param>
    ParentResult OpenSession(
        [MaximumLength(MaximumService)] ReadOnlySpan<byte> service,
        [MaximumLength(MaximumLabel)] ReadOnlySpan<byte> label,
        [MaximumLength(MaximumArguments)] ReadOnlySpan<byte> arguments,
        Affinity affinity,
        Quota donation,
        out SessionCapability session
    );

    /// <summary>Closes a session and returns what was donated for it.</summary>
    ParentResult CloseSession(SessionCapability session);

    /// <summary>Offers a service; the parent asks the root for sessions when other children want them.</summary>
    ParentResult Announce([MaximumLength(MaximumService)] ReadOnlySpan<byte> service, RootCapability root);

    /// <summary>Ends the child. The parent does not answer; if the call returns at all, it has failed.</summary>
    ParentResult Exit(ulong value);

    /// <summary>Asks for more quota; answered when the parent has granted it, or with Denied.</summary>
    ParentResult RequestResources(Quota wanted);
}
