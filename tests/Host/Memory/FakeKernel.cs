using Skerry.Abi;
using Skerry.Base.Kernel;
using Skerry.Base.Memory;
using Skerry.Base.RegionMaps;

namespace Skerry.Tests.Host.Memory;

/// <summary>The seam's structure over a model; unmanaged, as the allocators want it.</summary>
public readonly struct FakeKernel(int number) : IMappingKernel
{
    private KernelModel Model => KernelModel.At(number);

    public Status Retype(CapabilitySlot untyped, in ObjectRequest request, CapabilitySlot first, uint count) =>
        Model.Retype(untyped, request, first, count);

    public Status Zero(CapabilitySlot untyped, ulong bytes) => Model.Zero(untyped, bytes);

    public Status Copy(CapabilitySlot source, CapabilitySlot destination) => Model.Derive(source, destination, 0, 0);

    public Status Derive(CapabilitySlot frame, CapabilitySlot destination, ulong offset, ulong pages) =>
        Model.Derive(frame, destination, offset, pages);

    public Status Delete(CapabilitySlot slot) => Model.Delete(slot);

    public Status Revoke(CapabilitySlot slot) => Model.Revoke(slot);

    public Status Signal(CapabilitySlot notification) => Model.Signal(notification);

    public unsafe void Resume(HeldCaller* caller) => Model.Resumed.Add(caller->Reply.Value);
}
