using Skerry.Base.Kernel;

namespace Skerry.Base.Servers;

/// <summary>What a server starts with, before it can allocate anything.</summary>
public struct ServerResources
{
    /// <summary>Untyped memory that nothing was made of, for the server's own objects and bookkeeping, and its bytes.</summary>
    public CapabilitySlot OwnMemory;
    public ulong OwnBytes;
    public AddressSpaceCapability AddressSpace;

    /// <summary>The empty slots of its table.</summary>
    public CapabilitySlot FirstSlot;
    public uint SlotCount;

    /// <summary>Its CPUs: the first by index in the cluster, and how many.</summary>
    public uint FirstCpu;
    public uint CpuCount;

    /// <summary>Of its threads that serve.</summary>
    public uint Priority;

    /// <summary>Pages of the own memory that its bookkeeping gets.</summary>
    public uint BookkeepingPages;
}
