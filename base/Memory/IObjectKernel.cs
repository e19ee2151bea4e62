using Skerry.Abi;
using Skerry.Base.Kernel;

namespace Skerry.Base.Memory;

/// <summary>
/// The kernel operations that the allocators and region maps are built on. On the target they are system calls; tests
/// put a model of the kernel in their place.
/// </summary>
public interface IObjectKernel
{
    /// <summary>Makes <paramref name="count"/> objects out of untyped memory, in slots that follow each other.</summary>
    Status Retype(CapabilitySlot untyped, in ObjectRequest request, CapabilitySlot first, uint count);

    /// <summary>Zeroes untyped memory up to so many bytes from its start, so that what is made of it need not be.</summary>
    Status Zero(CapabilitySlot untyped, ulong bytes);

    Status Copy(CapabilitySlot source, CapabilitySlot destination);

    /// <summary>A capability to the pages of a frame from <paramref name="offset"/> (bytes) on.</summary>
    Status Derive(CapabilitySlot frame, CapabilitySlot destination, ulong offset, ulong pages);

    Status Delete(CapabilitySlot slot);

    /// <summary>Deletes all that was derived from the capability, and with it every object made from the memory.</summary>
    Status Revoke(CapabilitySlot slot);
}
