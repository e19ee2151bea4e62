namespace Skerry.Base.Sessions;

/// <summary>A fault that waits at a region map; Kind None if there is none.</summary>
public readonly struct RegionFault(RegionFaultKind kind, ulong address)
{
    private readonly ulong _kind = (ulong)kind;

    public RegionFaultKind Kind => (RegionFaultKind)_kind;

    /// <summary>Where, as an offset in the region map; of an address space's, the virtual address.</summary>
    public ulong Address { get; } = address;
}
