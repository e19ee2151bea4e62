using Skerry.Abi;
using Skerry.Base.Kernel;
using Skerry.Base.Rpc;

namespace Skerry.Base.Sessions;

/// <summary>A range of addresses to which dataspaces are attached.</summary>
[RpcInterface]
public interface IRegionMap
{
    /// <summary>The address to attach at is the region map's choice.</summary>
    public const ulong AnyAddress = ulong.MaxValue;

    /// <summary>
    /// Makes a part of a dataspace visible. All sizes and addresses are multiples of 4096. It costs a capability for each
    /// piece of memory that the part lies in. Inside a managed dataspace, each piece that is used through it costs one more;
    /// of a dataspace that the server did not make, such as a ROM module below a vcore, each page that is used does.
    /// </summary>
    /// <param name="dataspace">What.</param>
    /// <param name="bytes">How much; 0: from the offset to its end.</param>
    /// <param name="offset">The first byte.</param>
    /// <param name="at">Where, or <see cref="AnyAddress"/>.</param>
    /// <param name="rights">At most what the dataspace allows.</param>
    /// <param name="address">Where it is now.</param>
    AttachResult Attach(
        DataspaceCapability dataspace,
        ulong bytes,
        ulong offset,
        ulong at,
        FrameRights rights,
        out ulong address
    );

    /// <summary>Takes away what is attached at an address.</summary>
    RegionMapResult Detach(ulong address);

    /// <summary>
    /// What is signalled when a fault finds nothing attached, or not with that right; the null slot: nobody. Whoever waits for
    /// the one before faults again.
    /// </summary>
    RegionMapResult SetFaultHandler(NotificationCapability handler);

    /// <summary>
    /// One of such faults that still wait: each in turn, from the oldest to the newest, and then from the oldest again. Several may
    /// have come with one signal, so a handler asks until none waits; the one that it can't answer comes again. Attaching there
    /// lets its thread go on.
    /// </summary>
    RegionMapResult Fault(out RegionFault fault);

    /// <summary>The region map as a dataspace, to attach it to another one.</summary>
    RegionMapResult Dataspace(out DataspaceCapability dataspace);
}
