using Skerry.Abi;
using Skerry.Base.Kernel;
using Skerry.Base.Memory;

namespace Skerry.Base.RegionMaps;

/// <summary>The kernel operations of region maps beyond those of the allocators.</summary>
public interface IMappingKernel : IObjectKernel
{
    /// <summary>Tells a fault handler that its region map has a fault waiting.</summary>
    /// <returns>Anything but Ok: it is gone.</returns>
    Status Signal(CapabilitySlot notification);

    /// <summary>
    /// Lets a thread whose fault was deferred make its access again, if it is still there. The record is free afterwards.
    /// </summary>
    unsafe void Resume(HeldCaller* caller);
}
