namespace Skerry.Base.RegionMaps;

/// <summary>What became of a fault that could not be resolved.</summary>
public enum DeferResult : byte
{
    /// <summary>The handler is signalled, the thread waits.</summary>
    Deferred = 0,

    /// <summary>The map has no handler, or none that could answer such a fault: the thread has crashed.</summary>
    NoHandler = 1,

    /// <summary>
    /// Meanwhile something was attached there, or there is a handler and nothing to hold the thread by: let it try again.
    /// </summary>
    Retry = 2,

    /// <summary>There is a handler, and the thread's account can't pay for the record by which it would wait: it has crashed.</summary>
    NotPaid = 3,
}
