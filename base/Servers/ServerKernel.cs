using Skerry.Abi;
using Skerry.Base.Kernel;
using Skerry.Base.Memory;
using Skerry.Base.RegionMaps;
using Skerry.Base.Servers.Faults;

namespace Skerry.Base.Servers;

/// <summary>The kernel below the allocators and region maps of a running server: system calls on its own table.</summary>
public readonly unsafe struct ServerKernel(HeldCallers* callers) : IMappingKernel
{
    public Status Retype(CapabilitySlot untyped, in ObjectRequest request, CapabilitySlot first, uint count) =>
        new UntypedCapability(untyped).Retype(
            request.Type,
            request.SizeBits,
            request.Cpu,
            count,
            CapTableCapability.Own,
            first,
            request.Pages
        );

    public Status Zero(CapabilitySlot untyped, ulong bytes) => new UntypedCapability(untyped).Zero(bytes);

    public Status Copy(CapabilitySlot source, CapabilitySlot destination) =>
        CapTableCapability.Own.Copy(destination, CapTableCapability.Own, source, ObjectRights.All);

    public Status Derive(CapabilitySlot frame, CapabilitySlot destination, ulong offset, ulong pages) =>
        new FrameCapability(frame).Derive(CapTableCapability.Own, destination, offset, pages);

    public Status Delete(CapabilitySlot slot) => CapTableCapability.Own.Delete(slot);

    public Status Revoke(CapabilitySlot slot) => CapTableCapability.Own.Revoke(slot);

    public Status Signal(CapabilitySlot notification) => new NotificationCapability(notification).Signal();

    public void Resume(HeldCaller* caller) => callers->Answer(caller, HeldAnswer.Again);
}
