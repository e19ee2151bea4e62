namespace Skerry.Base.Servers.Services;

/// <summary>How far a session between two children has come.</summary>
/// <remarks>
/// <code>
///   Waiting ──► Asked ──► Opening ──► Open ──► Closing ──► Ending ──► (gone)
///      │          │          │          └──► Orphaned ──► (gone)
///      └──────────┴──────────┴──► refused (gone)
/// </code>
/// A provider that ends and is started again leaves what it is Asked to its next instance: Waiting.
/// </remarks>
internal enum SiblingState : byte
{
    /// <summary>The provider has not announced the service.</summary>
    Waiting = 0,

    /// <summary>The provider is to open it, and has not taken the request.</summary>
    Asked = 1,

    /// <summary>The provider has taken the request, and its answer is awaited; by its client alone.</summary>
    Opening = 2,
    Open = 3,

    /// <summary>The client has let go; the provider has not taken that.</summary>
    Closing = 4,

    /// <summary>The provider has taken that, and is to answer.</summary>
    Ending = 5,

    /// <summary>The provider has ended; the client has not let go.</summary>
    Orphaned = 6,
}
