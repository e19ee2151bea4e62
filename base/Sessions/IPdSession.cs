using Skerry.Base.Kernel;
using Skerry.Base.Rpc;

namespace Skerry.Base.Sessions;

/// <summary>
/// A protection domain: a capability table, an address space, and an account of RAM and capabilities.
/// </summary>
[RpcInterface]
public interface IPdSession
{
    /// <summary>
    /// Memory of at least this many bytes, rounded up to pages, filled with zero. It costs a capability, or as many as it
    /// lies in pieces where it is not to be had in one; and each of its pieces one more wherever it is attached.
    /// </summary>
    /// <returns>
    /// NotYet until it is zeroed, as one request zeroes RequestLimits.ZeroedBytes at most: ask again in the same words, as
    /// Ram.Allocate does. What has been begun is paid for, and stays until it is fetched.
    /// </returns>
    AllocationResult AllocateRam(
        ulong bytes,
        Placement placement,
        CacheAttribute cache,
        out DataspaceCapability dataspace
    );

    /// <summary>Gives a dataspace of this account back; it vanishes wherever it is attached.</summary>
    /// <returns>NotYet while it is attached in more than 16 places: ask again, as Ram.Free does.</returns>
    DataspaceResult FreeRam(DataspaceCapability dataspace);

    /// <summary>From now on the dataspace can't be attached writable anew.</summary>
    DataspaceResult Seal(DataspaceCapability dataspace);

    DataspaceResult DataspaceSize(DataspaceCapability dataspace, out ulong bytes);

    QuotaResult Quota(out QuotaState state);

    /// <summary>Names the account that this one may exchange quota with; once.</summary>
    QuotaResult SetReferenceAccount(PdSessionCapability account);

    /// <summary>Gives quota to an account that is this one's reference account, or whose reference account this is.</summary>
    QuotaResult TransferQuota(PdSessionCapability account, Quota amount);

    /// <summary>
    /// A kernel endpoint whose receivers run on one CPU of the affinity space.
    /// </summary>
    AllocationResult AllocateEndpoint(uint cpu, out EndpointCapability endpoint);

    AllocationResult AllocateReply(out ReplyCapability reply);

    AllocationResult AllocateNotification(uint cpu, out NotificationCapability notification);

    /// <summary>
    /// Raw memory of 2^<paramref name="sizeBits"/> bytes, for a server that makes kernel objects itself, as vcore does.
    /// The kernel lets nobody send or copy untyped memory, so the capability appears in a slot of the caller's table.
    /// Denied for all but servers.
    /// </summary>
    /// <param name="sizeBits">log2 of the bytes, at least a page's.</param>
    /// <param name="placement">Where the memory is to lie.</param>
    /// <param name="slot">An empty slot of this PD's table.</param>
    /// <param name="physicalAddress">Where it lies.</param>
    AllocationResult ClaimUntyped(uint sizeBits, Placement placement, uint slot, out ulong physicalAddress);

    /// <summary>The region map of the whole address space.</summary>
    PdResult AddressSpace(out RegionMapCapability regionMap);

    /// <summary>The region map of the stack area (UserLayout.StackAreaBase); addresses count from its start.</summary>
    PdResult StackArea(out RegionMapCapability regionMap);

    /// <summary>Maps now what faults would map one by one; both multiples of a page.</summary>
    /// <param name="address">From where on.</param>
    /// <param name="bytes">How much is wanted.</param>
    /// <param name="mapped">Bytes that are mapped now, RequestLimits.MappedPages pages at most: ask again for the rest.</param>
    PdResult Map(ulong address, ulong bytes, out ulong mapped);
}
