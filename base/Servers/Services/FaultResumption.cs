using System.Runtime.CompilerServices;
using Skerry.Base.Memory;
using Skerry.Base.RegionMaps;
using Skerry.Base.Servers.Objects;

namespace Skerry.Base.Servers.Services;

/// <summary>
/// Threads that wait for nothing any more go on, a few at a time; in between others have their turn. Whoever does it does no
/// more than there were when he began.
/// </summary>
internal static unsafe class FaultResumption
{
    /// <summary>Handlers that are looked at in one piece of the supervisor's work.</summary>
    private const uint LookedAt = 16;

    /// <summary>What a request to a region map does of it with the locks that it holds.</summary>
    /// <returns>How many are left to do, by <see cref="Resume"/>.</returns>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static uint ResumeFirst(Server* server, RegionMap* map)
    {
        // As a rule nobody waits.
        uint waiting = MappingLibrary<ServerKernel>.ToResume(map);
        return waiting == 0 ? 0 : ResumeSome(server, map, waiting);
    }

    /// <summary>The rest, on the time of who asked. The service lock is not held.</summary>
    /// <param name="server">Whose it is.</param>
    /// <param name="cpu">Of the client, by index among the server's.</param>
    /// <param name="map">Handle of the region map, which may go meanwhile.</param>
    /// <param name="left">How many at most.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Resume(Server* server, uint cpu, ulong map, uint left)
    {
        if (left != 0)
        {
            ResumeShared(server, cpu, map, left);
        }
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void ResumeShared(Server* server, uint cpu, ulong map, uint left)
    {
        while (left != 0)
        {
            int* shared = server->ServiceLock.AcquireShared(cpu);
            left = ResumeSome(server, map, left);
            SharedLock<ProcessorMemory>.ReleaseShared(shared);
        }
    }

    /// <summary>
    /// After the end of a domain, with which notifications may have gone: who waits for a handler that is no more faults again, and
    /// so crashes. The service lock is held alone.
    /// </summary>
    public static void ResumeUnhandled(Server* server)
    {
        for (uint maps = server->Mapping.FaultedMapCount; maps != 0; maps--)
        {
            RegionMap* map = server->Mapping.NextUnhandled();
            if (map != null)
            {
                ResumeAll(server, map->Handle);
            }
            else if (maps % LookedAt == 0)
            {
                server->GiveTurn();
            }
        }
    }

    /// <summary>In pieces, behind that of whoever asks, for which the service lock is given away too.</summary>
    private static void ResumeAll(Server* server, ulong map)
    {
        uint left = uint.MaxValue;
        server->GiveTurn();
        while (left != 0)
        {
            left = ResumeSome(server, map, left);
            server->GiveTurn();
        }
    }

    private static uint ResumeSome(Server* server, ulong handle, uint left)
    {
        var map = (RegionMap*)server->Objects.Find(handle, ObjectKind.RegionMap);
        return map == null ? 0 : ResumeSome(server, map, left);
    }

    /// <summary>As many as one request may.</summary>
    /// <returns>How many are left to do, of so many as there were at the beginning.</returns>
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static uint ResumeSome(Server* server, RegionMap* map, uint left)
    {
        uint waiting = MappingLibrary<ServerKernel>.ToResume(map);
        left = left < waiting ? left : waiting;
        uint now = left < RequestLimits.ResumedFaults ? left : RequestLimits.ResumedFaults;
        for (uint i = 0; i < now; i++)
        {
            server->Mapping.TryResume(map);
        }
        return left - now;
    }
}
