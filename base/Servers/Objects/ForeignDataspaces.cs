using Skerry.Base.Kernel;
using Skerry.Base.Memory;
using Skerry.Base.RegionMaps;
using Skerry.Base.Rpc;
using Skerry.Base.Sessions;

namespace Skerry.Base.Servers.Objects;

/// <summary>
/// Dataspaces of other servers that clients attach: known by a capability which this server cannot look into. Each attach
/// makes a record of its own, which goes with it, and costs the domain a capability.
/// </summary>
internal static unsafe class ForeignDataspaces
{
    /// <summary>What a record costs: the slot that it keeps.</summary>
    public static Resources Cost => new(0, 1);

    /// <returns>
    /// Null if this server has nobody to forward faults to, the capability designates no dataspace, or the domain cannot
    /// pay.
    /// </returns>
    public static Dataspace* Find(Server* server, RegionMap* map, Capability capability, out AttachResult result)
    {
        result = AttachResult.InvalidDataspace;
        bool usable = !capability.Slot.IsNull && server->Hooks.Forward != null;
        // The size is the owner's to say: through the parent's PD session, which knows its own dataspaces.
        var parent = new PdSessionClient(new CapabilitySlot((uint)Startup.StartupSlot.Pd));
        ulong bytes = 0;
        usable =
            usable
            && parent.DataspaceSize(new DataspaceCapability(capability), out bytes) == DataspaceResult.Ok
            && bytes != 0;
        var pd = (ProtectionDomain*)server->Objects.Find(map->Owner, ObjectKind.ProtectionDomain);
        usable = usable && pd != null;
        if (usable && pd->Account.Charge(Cost) != ChargeResult.Ok)
        {
            result = AttachResult.OutOfCapabilities;
            usable = false;
        }
        if (!usable)
        {
            CapabilitySlots.Release(capability.Slot);
            return null;
        }
        CapabilitySlot kept = server->Keep(capability.Slot);
        Dataspace* dataspace = kept.IsNull ? null : server->Mapping.TryAddForeign(kept, bytes, &pd->Account);
        if (dataspace == null)
        {
            result = kept.IsNull ? AttachResult.OutOfCapabilities : AttachResult.OutOfRam;
            server->LetGo(kept);
            pd->Account.Refund(Cost);
            return null;
        }
        DataspaceObjects.AddOwned(pd, dataspace);
        return dataspace;
    }

    /// <summary>Takes back what <see cref="Find"/> made.</summary>
    public static void Drop(Server* server, RegionMap* map, Dataspace* dataspace)
    {
        var pd = (ProtectionDomain*)server->Objects.Find(map->Owner, ObjectKind.ProtectionDomain);
        if (pd != null)
        {
            DataspaceObjects.Free(server, pd, dataspace);
        }
    }

    /// <summary>What was made for an attach goes with it.</summary>
    public static void Detached(Server* server, RegionMap* map, Dataspace* dataspace)
    {
        if (dataspace->Kind == DataspaceKind.Foreign)
        {
            Drop(server, map, dataspace);
        }
    }
}
