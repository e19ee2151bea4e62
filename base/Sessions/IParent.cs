using System;
using Skerry.Base.Kernel;
using Skerry.Base.Needs;
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

    /// <summary>A label with the client's name in front, in bytes.</summary>
    public const int MaximumFullLabel = 136;

    /// <summary>Services that a component offers.</summary>
    public const int MaximumServices = 4;

    /// <summary>
    /// Sessions that a component has at a time, besides those it is started with; a vcore has more (VcoreNeeds.Sessions).
    /// </summary>
    public const int MaximumSessions = ComponentNeeds.Sessions;

    /// <summary>
    /// Opens a session. One of a sibling's service is answered when the sibling has: the caller waits, its parent does not.
    /// </summary>
    /// <param name="service">The service's name: "LOG", "ROM" and so on.</param>
    /// <param name="label">What the child calls the session; the parent puts the child's own label in front.</param>
    /// <param name="arguments">What the service asks to be told, as it documents.</param>
    /// <param name="affinity">Where the session's work is to be done, in the child's affinity space.</param>
    /// <param name="donation">What the child gives for the session's cost, out of its own account.</param>
    /// <param name="session">The session.</param>
    /// <param name="id">What <see cref="CloseSession"/> knows it by.</param>
    ParentResult OpenSession(
        [MaximumLength(MaximumService)] ReadOnlySpan<byte> service,
        [MaximumLength(MaximumLabel)] ReadOnlySpan<byte> label,
        [MaximumLength(MaximumArguments)] ReadOnlySpan<byte> arguments,
        Affinity affinity,
        Quota donation,
        out SessionCapability session,
        out SessionId id
    );

    /// <summary>
    /// Closes a session: its capability ends at once, wherever it was passed. What was donated for it comes back as soon as
    /// the service has let go.
    /// </summary>
    ParentResult CloseSession(SessionId session);

    /// <summary>
    /// Offers a service that the configuration says the child provides, once. When other children want sessions, or have closed them, the parent signals and does not wait:
    /// <see cref="NextRequest"/> says what it wants.
    /// </summary>
    /// <param name="service">Its name.</param>
    /// <param name="requests">Signalled when there is something to do.</param>
    ParentResult Announce([MaximumLength(MaximumService)] ReadOnlySpan<byte> service, NotificationCapability requests);

    /// <summary>Ends the child. The parent does not answer; if the call returns at all, it has failed.</summary>
    ParentResult Exit(ulong value);

    /// <summary>Asks for more quota; answered when the parent has granted it, or with Denied.</summary>
    ParentResult RequestResources(Quota wanted);

    /// <summary>
    /// The oldest request for a service of this child that was not taken yet; Pending if there is none. CallFailed, and it is
    /// not taken, if it does not fit where it is to go.
    /// </summary>
    ParentResult NextRequest(
        out SessionRequest request,
        [MaximumLength(MaximumFullLabel)] Span<byte> label,
        [MaximumLength(MaximumArguments)] Span<byte> arguments
    );

    /// <summary>What became of a request that was taken.</summary>
    /// <param name="session">The request's.</param>
    /// <param name="result">What it came to.</param>
    /// <param name="capability">What the client calls, if it was to be opened and was.</param>
    /// <returns>
    /// UnknownSession if there is no such request, or no longer. After an open, OutOfCapabilities, or CallFailed: the
    /// capability did not arrive, and the request stays as it is. After a close, OutOfRam or OutOfCapabilities: what was
    /// donated is still in use, and the request stays as it is.
    /// </returns>
    ParentResult AnswerRequest(SessionId session, SessionResult result, SessionCapability capability);
}
