using Skerry.Base.Memory;
using Skerry.Base.RegionMaps;
using Skerry.Base.Servers.Objects;
using Skerry.Base.Sessions;

namespace Skerry.Base.Servers.Services;

/// <summary>
/// Allocations of a protection domain, those that take many requests among them. The service lock is held, or shared with
/// the lock of the domain's account.
/// </summary>
internal static unsafe class RamRequests
{
    /// <summary>Goes on with what was begun in the same words, or begins.</summary>
    /// <returns>NotYet: to be asked for again. Else there is nothing left that was begun.</returns>
    public static AllocationResult Serve(
        Server* server,
        ProtectionDomain* pd,
        ulong bytes,
        PhysicalWindow where,
        out Dataspace* dataspace
    )
    {
        RamRequest** kept = Find(pd, bytes, where);
        RamRequest fresh;
        RamRequest* request = kept == null ? &fresh : *kept;
        ChargeResult result = kept == null ? server->Ram.Begin(bytes, &pd->Account, where, out fresh) : ChargeResult.Ok;
        if (result == ChargeResult.Ok)
        {
            result = server->Ram.GoOn(ref *request, RequestLimits.ZeroedBytes);
        }
        dataspace = null;
        if (result == ChargeResult.Ok && !request->IsReady)
        {
            return kept != null || TryKeep(server, pd, ref *request)
                ? AllocationResult.NotYet
                : AllocationResult.OutOfRam;
        }
        dataspace = request->Made;
        if (kept != null)
        {
            Remove(kept);
        }
        return result switch
        {
            ChargeResult.Ok => AllocationResult.Ok,
            ChargeResult.OutOfRam => AllocationResult.OutOfRam,
            _ => AllocationResult.OutOfCapabilities,
        };
    }

    /// <summary>Nobody will go on with them.</summary>
    public static void CancelAll(Server* server, ProtectionDomain* pd)
    {
        while (pd->RamRequests != null)
        {
            server->Ram.Cancel(ref *pd->RamRequests);
            Remove(&pd->RamRequests);
        }
    }

    /// <summary>The link to the request; null if none was begun.</summary>
    private static RamRequest** Find(ProtectionDomain* pd, ulong bytes, PhysicalWindow where)
    {
        RamRequest** link = &pd->RamRequests;
        while (*link != null && !(*link)->IsFor(bytes, where))
        {
            link = &(*link)->Next;
        }
        return *link == null ? null : link;
    }

    /// <returns>False if the domain cannot pay for the record: then nothing is left of the request.</returns>
    private static bool TryKeep(Server* server, ProtectionDomain* pd, ref RamRequest request)
    {
        RamRequest* record = pd->Account.Records.TryTake<RamRequest>();
        if (record == null)
        {
            server->Ram.Cancel(ref request);
            return false;
        }
        *record = request;
        record->Next = pd->RamRequests;
        pd->RamRequests = record;
        return true;
    }

    private static void Remove(RamRequest** link)
    {
        RamRequest* record = *link;
        *link = record->Next;
        RecordPool.Give(record);
    }
}
