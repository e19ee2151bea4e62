using Skerry.Abi;
using Skerry.Base.Kernel;
using Skerry.Base.Memory;

namespace Skerry.Base.RegionMaps;

/// <summary>The kernel operations of region maps beyond those of the allocators.</summary>
public interface IMappingKernel : IObjectKernel
{
    /// <summary>Tells a fault handler that its region map has a fault waiting.</summary>
    void Signal(CapabilitySlot notification);

    /// <summary>
    /// Lets the thread held by a Reply object try its access again. The Reply object is free afterwards; whoever
    /// provides it may hand it to the next pager that defers a fault.
    /// </summary>
    void Resume(CapabilitySlot reply);

    /// <summary>Takes back a Reply object whose thread has been destroyed.</summary>
    void Forget(CapabilitySlot reply);
}
