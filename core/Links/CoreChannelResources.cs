using Skerry.Abi;
using Skerry.Base.Kernel;
using Skerry.Base.Memory;
using Skerry.Base.RegionMaps;
using Skerry.Base.Servers;
using Skerry.Base.Servers.Objects;

namespace Skerry.Core.Links;

/// <summary>What the channel broker takes, out of core's own. The service lock is held, but for Signal.</summary>
/// <param name="server">This instance of core.</param>
/// <param name="cpu">Its CPU that serves the session, by index among the server's.</param>
public readonly unsafe struct CoreChannelResources(Server* server, uint cpu) : IChannelResources
{
    public bool TryMakeRing(ulong bytes, out ChannelRing ring)
    {
        ring = default;
        // All memory of this instance is the cluster's own. Nobody pays: what it costs is in the configuration.
        if (server->Ram.Allocate(bytes, null, default, out Dataspace* dataspace) != ChargeResult.Ok)
        {
            return false;
        }
        // The other cluster makes one frame of it.
        bool isOne = dataspace->First.Next == null;
        if (isOne && TryShow(dataspace, out ulong physicalAddress, out byte* first))
        {
            ring = new ChannelRing(physicalAddress, first, CapabilityOf(dataspace));
        }
        if (ring.Dataspace.IsNone)
        {
            server->Mapping.FreeDataspace(dataspace);
        }
        return !ring.Dataspace.IsNone;
    }

    public NotificationCapability Keep(NotificationCapability brought) => new(server->Keep(brought.Slot));

    public void LetGo(NotificationCapability kept) => server->LetGo(kept.Slot);

    public bool TryCopyForSignal(NotificationCapability notification, out NotificationCapability copy)
    {
        copy = new NotificationCapability(server->Slots.TryTake());
        CapTableCapability own = CapTableCapability.Own;
        return !copy.Slot.IsNull && own.Copy(copy.Slot, own, notification.Slot, NotificationRights.Signal) == Status.Ok;
    }

    public bool TryMakeForeign(ulong physicalAddress, ulong bytes, out Capability dataspace)
    {
        dataspace = Capability.None;
        ulong pages = (bytes + UserLayout.PageSize - 1) / UserLayout.PageSize;
        CapabilitySlot slot = server->Slots.TryTake();
        if (slot.IsNull || Links.TryMakeFrame(slot, physicalAddress, pages) != Status.Ok)
        {
            return false;
        }
        Dataspace* foreign = server->Mapping.TryAddFrame(slot, bytes, FrameRights.Read | FrameRights.Write);
        if (foreign == null)
        {
            return false;
        }
        server->RemotePages += pages;
        dataspace = CapabilityOf(foreign);
        return !dataspace.IsNone;
    }

    public DoorbellCapability DoorbellOf(uint cluster) => Links.DoorbellOf(cluster);

    public void Signal(NotificationCapability notification) => notification.Signal();

    public void WakeBroker() => Links.Poke();

    /// <summary>Maps the first page of a dataspace for core itself, which looks there for sleepers.</summary>
    private bool TryShow(Dataspace* dataspace, out ulong physicalAddress, out byte* first)
    {
        first = null;
        var frame = new FrameCapability(dataspace->First.Slot);
        CapabilitySlot slot = server->Slots.TryTake();
        bool derived =
            frame.Query(out physicalAddress, out _, out _) == Status.Ok
            && !slot.IsNull
            && frame.Derive(CapTableCapability.Own, slot, 0, 1) == Status.Ok;
        if (derived)
        {
            first = server->Space.Map(new FrameCapability(slot), 1, FrameRights.Read);
        }
        return first != null;
    }

    private Capability CapabilityOf(Dataspace* dataspace)
    {
        ObjectHandle handle = server->Objects.Add(&server->OwnObjects, ObjectKind.Dataspace, dataspace);
        dataspace->Handle = handle.Value;
        return handle.IsNull ? Capability.None : server->CapabilityTo(handle, cpu);
    }
}
