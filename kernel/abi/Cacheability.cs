namespace Skerry.Abi;

/// <summary>
/// How the processor may cache what it reads and writes through a page (Intel SDM vol. 3A, 12.3). Where a memory type
/// range register of the machine says less, less holds.
/// </summary>
/// <remarks>
/// The same memory should not be mapped in two ways at a time: the manual leaves open what a processor then reads. The
/// kernel's own map of the cluster's memory is write-back.
/// </remarks>
public enum Cacheability : byte
{
    /// <summary>Ordinary memory.</summary>
    WriteBack = 0,

    /// <summary>Reads may come from the cache; every write goes to memory too.</summary>
    WriteThrough = 1,

    /// <summary>Not cached; writes may be gathered and come out of order. For frame buffers.</summary>
    WriteCombining = 2,

    /// <summary>Not cached, not reordered: every access reaches the device as it was made. For registers.</summary>
    Uncached = 3,
}
