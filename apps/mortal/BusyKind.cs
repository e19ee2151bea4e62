namespace Skerry.Apps.Mortal;

/// <summary>What a further thread of a worker does without a break.</summary>
internal enum BusyKind
{
    /// <summary>Memory, which it gives back: it calls its server.</summary>
    Allocates,
    Faults,
    CallsSibling,
    OpensSessions,

    /// <summary>It asks once for a session that nobody will open.</summary>
    WaitsForService,

    /// <summary>It faults once, where a handler is told of it.</summary>
    FaultsForEver,

    /// <summary>It waits until the others are at it, and crashes.</summary>
    Crashes,

    /// <summary>It exits for all.</summary>
    Exits,
}
