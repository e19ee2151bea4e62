using Skerry.Abi;
using Skerry.Base.Kernel;
using Skerry.Base.Sessions;

namespace Skerry.Base.Startup;

/// <summary>
/// Memory out of the component's own account. When the quota does not suffice, the parent is asked once for what is
/// missing, and the allocation tried again.
/// </summary>
public readonly struct Ram(PdSessionClient pd, RegionMapClient regionMap, ParentClient parent)
{
    /// <summary>What one allocation may cost in capabilities: asked for when there are none left.</summary>
    private const ulong CapabilitiesPerRequest = 8;

    /// <summary>A dataspace of at least this many bytes, filled with zero.</summary>
    public AllocationResult Allocate(ulong bytes, out DataspaceCapability dataspace) =>
        Allocate(bytes, Placement.Any, out dataspace);

    public AllocationResult Allocate(ulong bytes, Placement placement, out DataspaceCapability dataspace)
    {
        AllocationResult result = Ask(bytes, placement, out dataspace);
        Quota wanted = result switch
        {
            AllocationResult.OutOfRam => new Quota(bytes, 0),
            AllocationResult.OutOfCapabilities => new Quota(0, CapabilitiesPerRequest),
            _ => Quota.None,
        };
        bool isShort = wanted.RamBytes != 0 || wanted.Capabilities != 0;
        return isShort && parent.RequestResources(wanted) == ParentResult.Ok
            ? Ask(bytes, placement, out dataspace)
            : result;
    }

    /// <summary>Much memory takes many requests: between them the server serves others.</summary>
    private AllocationResult Ask(ulong bytes, Placement placement, out DataspaceCapability dataspace)
    {
        AllocationResult result;
        do
        {
            result = pd.AllocateRam(bytes, placement, CacheAttribute.WriteBack, out dataspace);
        } while (result == AllocationResult.NotYet);
        return result;
    }

    /// <summary>Gives a dataspace back and frees the slot of its capability.</summary>
    public DataspaceResult Free(DataspaceCapability dataspace)
    {
        DataspaceResult result;
        do
        {
            result = pd.FreeRam(dataspace);
        } while (result == DataspaceResult.NotYet);
        if (result == DataspaceResult.Ok)
        {
            // Its server has revoked all capabilities to it, so there is nothing left to delete.
            CapabilitySlots.Free(dataspace.Capability.Slot);
        }
        else
        {
            CapabilitySlots.Release(dataspace.Capability.Slot);
        }
        return result;
    }

    /// <summary>Memory that is there to be used at once, readable and writable.</summary>
    public AllocationResult AllocateAttached(ulong bytes, out AttachedMemory memory) =>
        AllocateAttached(bytes, Placement.Any, IRegionMap.AnyAddress, out memory);

    /// <summary>As above, at an address of the caller's choice.</summary>
    public AllocationResult AllocateAttached(ulong bytes, Placement placement, ulong at, out AttachedMemory memory)
    {
        memory = default;
        AllocationResult result = Allocate(bytes, placement, out DataspaceCapability dataspace);
        if (result != AllocationResult.Ok)
        {
            return result;
        }
        AttachResult attached = regionMap.Attach(
            dataspace,
            0,
            0,
            at,
            FrameRights.Read | FrameRights.Write,
            out ulong address
        );
        if (attached != AttachResult.Ok)
        {
            Free(dataspace);
            return ToAllocationResult(attached);
        }
        memory = new AttachedMemory(dataspace, address, bytes);
        return AllocationResult.Ok;
    }

    private static AllocationResult ToAllocationResult(AttachResult result) =>
        result switch
        {
            AttachResult.OutOfRam => AllocationResult.OutOfRam,
            AttachResult.OutOfCapabilities => AllocationResult.OutOfCapabilities,
            AttachResult.CallFailed => AllocationResult.CallFailed,
            _ => AllocationResult.InvalidArgument,
        };
}
