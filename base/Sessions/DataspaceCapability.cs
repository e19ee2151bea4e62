using Skerry.Base.Kernel;

namespace Skerry.Base.Sessions;

/// <summary>A piece of memory that can be attached to a region map.</summary>
public readonly struct DataspaceCapability(Capability capability) : ITypedCapability<DataspaceCapability>
{
    public Capability Capability { get; } = capability;

    public static DataspaceCapability FromCapability(Capability capability) => new(capability);
}
