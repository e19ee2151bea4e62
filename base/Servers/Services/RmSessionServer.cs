using Skerry.Abi;
using Skerry.Base.Kernel;
using Skerry.Base.Memory;
using Skerry.Base.RegionMaps;
using Skerry.Base.Servers.Objects;
using Skerry.Base.Sessions;

namespace Skerry.Base.Servers.Services;

/// <summary>The RM service: region maps that are used as managed dataspaces. The service lock is held.</summary>
public readonly unsafe struct RmSessionServer(Server* server, ServiceSession* session, uint cpu) : IRmSession
{
    private const ulong MaximumBytes = 1ul << 46;

    /// <summary>What a map costs who makes it, besides what is attached in it.</summary>
    private static Resources Cost => new(0, 1);

    public RegionMapResult Create(ulong bytes, out RegionMapCapability regionMap)
    {
        regionMap = default;
        if (bytes == 0 || bytes > MaximumBytes || bytes % UserLayout.PageSize != 0)
        {
            return RegionMapResult.InvalidArgument;
        }
        ProtectionDomain* pd = session->Pd;
        if (pd->Account.Charge(Cost) != ChargeResult.Ok)
        {
            return RegionMapResult.OutOfCapabilities;
        }
        RegionMap* map = server->Mapping.TryCreateMap(0, bytes, &pd->Account);
        if (map == null)
        {
            pd->Account.Refund(Cost);
            return RegionMapResult.OutOfRam;
        }
        ObjectHandle handle = server->Objects.Add(&pd->Handles, ObjectKind.RegionMap, map);
        Capability capability = handle.IsNull ? Capability.None : server->CapabilityTo(handle, cpu);
        if (capability.IsNone)
        {
            if (!handle.IsNull)
            {
                server->Objects.Remove(handle);
            }
            server->Mapping.DestroyMap(map);
            pd->Account.Refund(Cost);
            return RegionMapResult.OutOfCapabilities;
        }
        map->Handle = handle.Value;
        map->Owner = pd->Handle.Value;
        map->NextOwned = pd->Maps;
        if (pd->Maps != null)
        {
            pd->Maps->PreviousOwned = map;
        }
        pd->Maps = map;
        regionMap = new RegionMapCapability(capability);
        return RegionMapResult.Ok;
    }

    public RegionMapResult Destroy(RegionMapCapability regionMap)
    {
        var map = (RegionMap*)server->Designated(regionMap.Capability, ObjectKind.RegionMap);
        ProtectionDomain* pd = session->Pd;
        if (map == null || map == pd->Map || map->Owner != pd->Handle.Value)
        {
            return RegionMapResult.InvalidRegionMap;
        }
        if (!TryEmpty(server, map))
        {
            return RegionMapResult.NotYet;
        }
        DestroyMade(server, pd, map);
        return RegionMapResult.Ok;
    }

    /// <summary>
    /// Detaches what is in a map that is about to go, and the map itself, and resumes who waits there, as often as one request
    /// may.
    /// </summary>
    /// <returns>Whether nothing is attached any more and nobody waits, and the map may be destroyed.</returns>
    public static bool TryEmpty(Server* server, RegionMap* map)
    {
        if (map->AsDataspace != null && !DataspaceObjects.TryWithdraw(server, map->AsDataspace))
        {
            return false;
        }
        for (int i = 0; i < RequestLimits.DetachedRegions; i++)
        {
            if (!server->Mapping.TryDetachFirst(map, out Dataspace* dataspace))
            {
                return TryResumeAll(server, map);
            }
            ForeignDataspaces.Detached(server, map, dataspace);
        }
        return false;
    }

    /// <summary>Those who wait there, or in another map for what was attached there, fault again.</summary>
    private static bool TryResumeAll(Server* server, RegionMap* map)
    {
        uint resumed = 0;
        while (resumed < RequestLimits.ResumedFaults && server->Mapping.TryResumeOf(map))
        {
            resumed++;
        }
        return resumed < RequestLimits.ResumedFaults;
    }

    /// <summary>One that was made through a session: what it cost goes back.</summary>
    public static void DestroyMade(Server* server, ProtectionDomain* pd, RegionMap* map)
    {
        if (map->PreviousOwned != null)
        {
            map->PreviousOwned->NextOwned = map->NextOwned;
        }
        else
        {
            pd->Maps = map->NextOwned;
        }
        if (map->NextOwned != null)
        {
            map->NextOwned->PreviousOwned = map->PreviousOwned;
        }
        DestroyMap(server, map);
        pd->Account.Refund(Cost);
    }

    /// <summary>A map in which nothing is attached, with the capabilities to it and to its dataspace.</summary>
    public static void DestroyMap(Server* server, RegionMap* map)
    {
        if (map->AsDataspace != null)
        {
            DataspaceObjects.Forget(server, map->AsDataspace);
        }
        CapabilitySlot handler = map->FaultHandler;
        server->Mapping.SetFaultHandler(map, default);
        server->LetGo(handler);
        if (map->Handle != 0)
        {
            server->Retire(new ObjectHandle(map->Handle));
        }
        server->Mapping.DestroyMap(map);
    }
}
