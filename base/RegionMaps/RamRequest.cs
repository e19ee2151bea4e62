using Skerry.Abi;
using Skerry.Base.Memory;

namespace Skerry.Base.RegionMaps;

/// <summary>
/// Memory that is being made ready, part by part: <see cref="RamAllocator{TKernel}"/>. It is paid for from the beginning.
/// </summary>
public unsafe struct RamRequest
{
    /// <summary>Bytes that are wanted, a multiple of the page size.</summary>
    public ulong Bytes;
    public PhysicalWindow Where;

    /// <summary>Who pays; null for the server itself.</summary>
    public QuotaAccount* Account;

    /// <summary>What is there of it: its size grows with each part that is ready.</summary>
    public Dataspace* Made;

    /// <summary>The next request of the same protection domain; for the services.</summary>
    public RamRequest* Next;

    internal Resources Paid;

    /// <summary>The last part that has memory; null while there is none.</summary>
    internal DataspacePart* Last;

    /// <summary>Bytes of the last part that are zero, while it is not ready.</summary>
    internal ulong Zeroed;

    public readonly bool IsReady => Made->Size == Bytes;

    /// <summary>Whether it was begun in these words.</summary>
    public readonly bool IsFor(ulong size, PhysicalWindow where) =>
        RamRequest.RoundUp(size) == Bytes && where.Start == Where.Start && where.End == Where.End;

    internal static ulong RoundUp(ulong bytes) => (bytes + UserLayout.PageSize - 1) & ~(UserLayout.PageSize - 1);

    /// <summary>The last part has memory that is no frame yet.</summary>
    internal readonly bool IsPreparing => Last != null && Made->Size < Last->End;
}
