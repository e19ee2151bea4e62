using Skerry.Base.Kernel;

namespace Skerry.Core.Links;

/// <summary>What opening the links needs of core around them. Nothing of it is ever given back.</summary>
public interface ILinkResources
{
    /// <summary>Zeroed memory of core's own; null if there is none left.</summary>
    unsafe byte* TryTakeMemory(ulong bytes);

    /// <summary>Maps a frame into core's own address space, to read and write; null if it can't be mapped.</summary>
    unsafe byte* TryMap(FrameCapability frame, ulong pages);

    /// <summary>An empty slot of core's capability table; the null slot if there is none left.</summary>
    CapabilitySlot TryTakeSlot();

    /// <summary>A notification on a CPU of the cluster, by its index there.</summary>
    bool TryMakeNotification(uint cpu, out NotificationCapability notification);
}
