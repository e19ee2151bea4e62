using System.Runtime.CompilerServices;
using Skerry.Base.Memory;
using Skerry.Base.RegionMaps;
using Skerry.Base.Rpc;
using Skerry.Base.Servers.Objects;
using Skerry.Base.Sessions;

namespace Skerry.Base.Servers.Services;

/// <summary>
/// Requests that touch nothing but what one account pays for: its memory, and where that is attached in maps of its own.
/// They are served beside those of other accounts, with the service lock shared and the account's own held. What they find
/// stays until they are done: domains, region maps and what several domains use go while the service lock is held alone.
/// </summary>
internal static unsafe class DomainRequests
{
    /// <summary>Serves a request to a protection domain, if it is of this kind.</summary>
    /// <returns>False: nothing has changed, and the request is for who holds the service lock alone.</returns>
    [SkipLocalsInit]
    public static bool TryServeDomain(Server* server, uint cpu, ref RpcMessage request, ref RpcMessage reply)
    {
        if (!MayBeOfDomain(request.Label.Method))
        {
            return false;
        }
        int* shared = server->ServiceLock.AcquireShared(cpu);
        var pd = (ProtectionDomain*)server->Objects.Find(request.Badge, ObjectKind.ProtectionDomain);
        bool isServed = false;
        if (pd != null)
        {
            pd->Account.Requests.Acquire();
            if (TryName(server, pd, ref request, out Dataspace* named))
            {
                var session = new PdSessionServer(server, pd, cpu, named);
                PdSessionDispatch.Dispatch(ref session, ref request, ref reply);
                SessionEntrypoint.AnnounceSent(server, cpu, ref reply);
                isServed = true;
            }
            pd->Account.Requests.Release();
        }
        SharedLock<ProcessorMemory>.ReleaseShared(shared);
        return isServed;
    }

    /// <summary>The same for a region map.</summary>
    /// <returns>False: nothing has changed, and the request is for who holds the service lock alone.</returns>
    [SkipLocalsInit]
    public static bool TryServeMap(Server* server, uint cpu, ref RpcMessage request, ref RpcMessage reply)
    {
        if (!MayBeOfMap(request.Label.Method))
        {
            return false;
        }
        int* shared = server->ServiceLock.AcquireShared(cpu);
        var map = (RegionMap*)server->Objects.Find(request.Badge, ObjectKind.RegionMap);
        bool isServed = false;
        uint unresumed = 0;
        if (map != null)
        {
            map->Account->Requests.Acquire();
            if (TryName(server, map, ref request, out Dataspace* named))
            {
                // Neither method keeps what was sent along.
                var regions = new RegionMapServer(server, map, cpu, sentCapability: false, named);
                RegionMapDispatch.Dispatch(ref regions, ref request, ref reply);
                SessionEntrypoint.AnnounceSent(server, cpu, ref reply);
                isServed = true;
                unresumed = FaultResumption.ResumeFirst(server, map);
            }
            map->Account->Requests.Release();
        }
        SharedLock<ProcessorMemory>.ReleaseShared(shared);
        FaultResumption.Resume(server, cpu, request.Badge, unresumed);
        return isServed;
    }

    /// <summary>By its number; if it is one of another interface, the dispatch refuses it.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static bool MayBeOfDomain(uint method) =>
        NamesDataspace(method)
        || method
            is PdSessionMethods.AllocateRam
                or PdSessionMethods.Quota
                or PdSessionMethods.AllocateEndpoint
                or PdSessionMethods.AllocateNotification
                or PdSessionMethods.Map;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static bool NamesDataspace(uint method) =>
        method is PdSessionMethods.FreeRam or PdSessionMethods.Seal or PdSessionMethods.DataspaceSize;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static bool MayBeOfMap(uint method) => method is RegionMapMethods.Attach or RegionMapMethods.Detach;

    /// <summary>The dataspace that a request to a domain names; null if it names none.</summary>
    /// <returns>False if it is not the domain's own; or is in a map of others, and is to go.</returns>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static bool TryName(Server* server, ProtectionDomain* pd, ref RpcMessage request, out Dataspace* named)
    {
        uint method = request.Label.Method;
        if (!NamesDataspace(method))
        {
            named = null;
            return true;
        }
        named = FindOwn(server, &pd->Handles, ref request);
        return named != null
            && (method != PdSessionMethods.FreeRam || MappingLibrary<ServerKernel>.IsWithinAccount(named));
    }

    /// <summary>The dataspace that is to be attached; null if one is to be detached.</summary>
    /// <returns>False if it is not on the account of who pays for the map.</returns>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static bool TryName(Server* server, RegionMap* map, ref RpcMessage request, out Dataspace* named)
    {
        if (request.Label.Method == RegionMapMethods.Detach)
        {
            named = null;
            // Its only word is the address.
            return MappingLibrary<ServerKernel>.IsWithinAccount(map, request.Words[0]);
        }
        named = FindOwn(server, server->Objects.ShareOf(request.Badge), ref request);
        return named != null && MappingLibrary<ServerKernel>.IsWithinAccount(map, named);
    }

    /// <summary>The dataspace that the request's first capability designates; null if another domain may take it away.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Dataspace* FindOwn(Server* server, ObjectShare* share, ref RpcMessage request)
    {
        ulong badge = RpcMessage.CapabilityAt(ref request, 0).Badge;
        return (Dataspace*)server->Objects.FindOf(share, badge, ObjectKind.Dataspace);
    }
}
