using Skerry.Base.Kernel;

namespace Skerry.Core.Links;

/// <summary>Memory of the own cluster that an end of a channel receives into: contiguous, zero at first.</summary>
/// <param name="physicalAddress">Of its first page.</param>
/// <param name="address">Where core itself sees its first page; reading suffices.</param>
/// <param name="dataspace">For the component: a dataspace of core's, readable and writable.</param>
public readonly unsafe struct ChannelRing(ulong physicalAddress, byte* address, Capability dataspace)
{
    public ulong PhysicalAddress { get; } = physicalAddress;

    public byte* Address { get; } = address;

    public Capability Dataspace { get; } = dataspace;
}
