using Skerry.Abi;
using Skerry.Base.Kernel;
using Skerry.Base.Servers;

namespace Skerry.Core.Links;

/// <summary>What the links take, out of core's own.</summary>
public readonly unsafe struct CoreLinkResources(Server* server) : ILinkResources
{
    public byte* TryTakeMemory(ulong bytes) => server->Memory.TryTake(bytes);

    public byte* TryMap(FrameCapability frame, ulong pages) =>
        server->Space.Map(frame, pages, FrameRights.Read | FrameRights.Write);

    public CapabilitySlot TryTakeSlot() => server->Slots.TryTake();

    public bool TryMakeNotification(uint cpu, out NotificationCapability notification)
    {
        notification = new NotificationCapability(OwnThreads.Make(server, ObjectType.Notification, cpu));
        return !notification.Slot.IsNull;
    }
}
