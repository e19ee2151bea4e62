using System.Runtime.CompilerServices;
using Skerry.Abi;
using Skerry.Base.Kernel;
using Skerry.Base.RegionMaps;
using Skerry.Base.Servers.Objects;
using Skerry.Base.Sessions;

namespace Skerry.Base.Servers.Services;

/// <summary>
/// One region map, as a client on one CPU sees it. The service lock is held; shared, where an attach or detach is of one
/// domain alone (<see cref="DomainRequests"/>).
/// </summary>
/// <param name="server">Whose it is.</param>
/// <param name="map">The region map.</param>
/// <param name="cpu">Of the client, by index among the server's.</param>
/// <param name="sentCapability">The request was sent with a capability, which may not have arrived.</param>
/// <param name="named">The dataspace that the request names, if it was looked up before; null if not.</param>
public readonly unsafe struct RegionMapServer(
    Server* server,
    RegionMap* map,
    uint cpu,
    bool sentCapability,
    Dataspace* named
) : IRegionMap
{
    public AttachResult Attach(
        DataspaceCapability dataspace,
        ulong bytes,
        ulong offset,
        ulong at,
        FrameRights rights,
        out ulong address
    )
    {
        address = 0;
        Capability capability = dataspace.Capability;
        AttachResult unknown = AttachResult.InvalidDataspace;
        Dataspace* found =
            named != null ? named
            : capability.IsOwnObject ? DataspaceObjects.Find(server, capability)
            : ForeignDataspaces.Find(server, map, capability, out unknown);
        if (found == null)
        {
            return unknown;
        }
        var request = new AttachRequest
        {
            Offset = offset,
            Size = bytes,
            Fixed = at != IRegionMap.AnyAddress,
            Address = at == IRegionMap.AnyAddress ? 0 : at,
            Rights = rights,
        };
        AttachStatus status = server->Mapping.Attach(map, found, request, out address);
        if (status != AttachStatus.Ok && !capability.IsOwnObject)
        {
            ForeignDataspaces.Drop(server, map, found);
        }
        return status switch
        {
            AttachStatus.Ok => AttachResult.Ok,
            AttachStatus.OutOfRam => AttachResult.OutOfRam,
            AttachStatus.OutOfCapabilities => AttachResult.OutOfCapabilities,
            AttachStatus.RegionConflict => AttachResult.RegionConflict,
            AttachStatus.InvalidDataspace => AttachResult.InvalidDataspace,
            _ => AttachResult.InvalidArgument,
        };
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public RegionMapResult Detach(ulong address)
    {
        if (!server->Mapping.Detach(map, address, out Dataspace* dataspace))
        {
            return RegionMapResult.NotAttached;
        }
        ForeignDataspaces.Detached(server, map, dataspace);
        return RegionMapResult.Ok;
    }

    public RegionMapResult SetFaultHandler(NotificationCapability handler)
    {
        if (sentCapability && handler.Slot.IsNull)
        {
            return RegionMapResult.InvalidArgument;
        }
        CapabilitySlot kept = server->Keep(handler.Slot);
        if (sentCapability && kept.IsNull)
        {
            return RegionMapResult.OutOfCapabilities;
        }
        CapabilitySlot old = map->FaultHandler;
        server->Mapping.SetFaultHandler(map, kept);
        server->LetGo(old);
        return RegionMapResult.Ok;
    }

    public RegionMapResult Fault(out RegionFault fault)
    {
        bool waits = MappingLibrary<ServerKernel>.TryGetFault(map, out ulong address, out FaultAccess access);
        RegionFaultKind kind = RegionFaultKind.Read;
        if ((access & FaultAccess.Write) != 0)
        {
            kind = RegionFaultKind.Write;
        }
        else if ((access & FaultAccess.Execute) != 0)
        {
            kind = RegionFaultKind.Execute;
        }
        fault = new RegionFault(waits ? kind : RegionFaultKind.None, address);
        return RegionMapResult.Ok;
    }

    public RegionMapResult Dataspace(out DataspaceCapability dataspace)
    {
        Dataspace* managed = server->Mapping.TryGetManaged(map);
        var owner = (ProtectionDomain*)server->Objects.Find(map->Owner, ObjectKind.ProtectionDomain);
        Capability capability =
            managed == null || owner == null
                ? Capability.None
                : DataspaceObjects.Capability(server, &owner->Handles, managed, cpu);
        dataspace = new DataspaceCapability(capability);
        return capability.IsNone ? RegionMapResult.OutOfCapabilities : RegionMapResult.Ok;
    }
}
