using Skerry.Base.Memory;
using Skerry.Base.RegionMaps;
using Skerry.Base.Servers.Objects;
using Skerry.Base.Sessions;

namespace Skerry.Base.Servers.Services;

/// <summary>
/// Allocations of a protection domain, those that take many requests among them. The service lock is held.
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
        dataspace = null;
        RamRequest request = default;
        RamRequest** kept = Find(pd, bytes, where);
        ChargeResult result = ChargeResult.Ok;
        if (kept != null)
        {
            request = **kept;
        }
        else
        {
            result = server->Ram.Begin(bytes, &pd->Account, where, out request);
        }
        if (result == ChargeResult.Ok)
        {
            result = server->Ram.GoOn(ref request, RequestLimits.ZeroedBytes);
        }
        bool isOver = result != ChargeResult.Ok || request.IsReady;
        if (isOver && kept != null)
        {
            Remove(kept);
        }
        if (result == ChargeResult.Ok && !isOver)
        {
            return Keep(server, pd, kept, ref request);
        }
        dataspace = request.Made;
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

    private static AllocationResult Keep(
        Server* server,
        ProtectionDomain* pd,
        RamRequest** kept,
        ref RamRequest request
    )
    {
        if (kept != null)
        {
            **kept = request;
            return AllocationResult.NotYet;
        }
        RamRequest* record = pd->Account.Records.TryTake<RamRequest>();
        if (record == null)
        {
            server->Ram.Cancel(ref request);
            return AllocationResult.OutOfRam;
        }
        *record = request;
        record->Next = pd->RamRequests;
        pd->RamRequests = record;
        return AllocationResult.NotYet;
    }

    private static void Remove(RamRequest** link)
    {
        RamRequest* record = *link;
        *link = record->Next;
        RecordPool.Give(record);
    }
}
