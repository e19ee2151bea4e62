using System.Runtime.CompilerServices;
using Skerry.Base.Kernel;
using Skerry.Base.RegionMaps;
using Skerry.Base.Rpc;
using Skerry.Base.Servers.Components;
using Skerry.Base.Servers.Objects;
using Skerry.Base.Sessions;

namespace Skerry.Base.Servers.Services;

/// <summary>The thread of one CPU that answers requests to the server's objects: from a badge to a method.</summary>
public unsafe struct SessionEntrypoint(Server* server, uint cpu) : IMessageHandler
{
    /// <summary>The one server of this program; its threads find it here.</summary>
    public static Server* Instance;

    /// <summary>A server thread's whole life. The argument is the CPU's index among the server's.</summary>
    public static void Run(ulong argument)
    {
        var handler = new SessionEntrypoint(Instance, (uint)argument);
        Entrypoint.Serve(ref handler, Instance->Cpus[(int)argument].Sessions);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public readonly bool Handle(ref RpcMessage request, ref RpcMessage reply)
    {
        ObjectKind kind = new ObjectHandle(request.Badge).Kind;
        return (
                kind == ObjectKind.ProtectionDomain
                && DomainRequests.TryServeDomain(server, cpu, ref request, ref reply)
            )
            || (kind == ObjectKind.RegionMap && DomainRequests.TryServeMap(server, cpu, ref request, ref reply))
            || (
                kind == ObjectKind.RegionMap
                    ? ServeMapAlone(ref request, ref reply)
                    : ServeAlone(ref request, ref reply)
            );
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private readonly bool ServeAlone(ref RpcMessage request, ref RpcMessage reply)
    {
        server->ServiceLock.Acquire();
        bool answer = Dispatch(ref request, ref reply);
        AnnounceSent(server, cpu, ref reply);
        server->ServiceLock.Release();
        return answer;
    }

    /// <summary>Serves a request to a region map, behind which threads may go on whose faults have waited there.</summary>
    [SkipLocalsInit]
    private readonly bool ServeMapAlone(ref RpcMessage request, ref RpcMessage reply)
    {
        server->ServiceLock.Acquire();
        var map = (RegionMap*)server->Objects.Find(request.Badge, ObjectKind.RegionMap);
        uint unresumed = 0;
        if (map != null)
        {
            var regions = new RegionMapServer(server, map, cpu, RpcMessage.SentCapability(ref request), null);
            RegionMapDispatch.Dispatch(ref regions, ref request, ref reply);
            AnnounceSent(server, cpu, ref reply);
            unresumed = FaultResumption.ResumeFirst(server, map);
        }
        server->ServiceLock.Release();
        FaultResumption.Resume(server, cpu, request.Badge, unresumed);
        return true;
    }

    /// <summary>
    /// The reply is sent behind the lock, and what it is to bring may go before. The slot stays nobody else's until this CPU's
    /// next reply: who asked is sent nothing then, never another's capability. Only a channel's Connect answers with more.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void AnnounceSent(Server* server, uint cpu, ref RpcMessage reply) =>
        server->Mapping.Hazards.Announce(server->AnnouncerOf(cpu), RpcMessage.CapabilityAt(ref reply, 0).Slot);

    /// <returns>False if the caller has been put aside, to be answered later.</returns>
    [SkipLocalsInit]
    private readonly bool Dispatch(ref RpcMessage request, ref RpcMessage reply)
    {
        ObjectKind kind = new ObjectHandle(request.Badge).Kind;
        void* item = server->Objects.Find(request.Badge, kind);
        if (item == null)
        {
            return true;
        }
        bool sent = RpcMessage.SentCapability(ref request);
        switch (kind)
        {
            case ObjectKind.ProtectionDomain:
                var pd = new PdSessionServer(server, (ProtectionDomain*)item, cpu, null);
                PdSessionDispatch.Dispatch(ref pd, ref request, ref reply);
                break;
            case ObjectKind.Thread:
                var thread = new CpuThreadServer(server, (ThreadRecord*)item, cpu, sent);
                CpuThreadDispatch.Dispatch(ref thread, ref request, ref reply);
                return !thread.Deferred;
            case ObjectKind.Parent:
                var parent = new ParentServer(server, (Child*)item, cpu, sent);
                ParentDispatch.Dispatch(ref parent, ref request, ref reply);
                return !parent.Deferred;
            default:
                return DispatchSession(kind, (ServiceSession*)item, ref request, ref reply);
        }
        return true;
    }

    private readonly bool DispatchSession(
        ObjectKind kind,
        ServiceSession* session,
        ref RpcMessage request,
        ref RpcMessage reply
    )
    {
        switch (kind)
        {
            case ObjectKind.CpuSession:
                var cpuSession = new CpuSessionServer(server, session, cpu);
                CpuSessionDispatch.Dispatch(ref cpuSession, ref request, ref reply);
                break;
            case ObjectKind.RmSession:
                var rm = new RmSessionServer(server, session, cpu);
                RmSessionDispatch.Dispatch(ref rm, ref request, ref reply);
                break;
            case ObjectKind.LogSession:
                var log = new LogSessionServer(server, session);
                LogSessionDispatch.Dispatch(ref log, ref request, ref reply);
                break;
            case ObjectKind.RomSession:
                var rom = new RomSessionServer(server, session, cpu);
                RomSessionDispatch.Dispatch(ref rom, ref request, ref reply);
                break;
            case ObjectKind.Trace:
                var trace = new TraceServer(server, session);
                TraceDispatch.Dispatch(ref trace, ref request, ref reply);
                break;
            case ObjectKind.ChannelSession:
                server->Hooks.ServeChannel(session, cpu, ref request, ref reply);
                break;
            case ObjectKind.FaultForward:
                var forward = new FaultForwardServer(server, cpu);
                FaultForwardDispatch.Dispatch(ref forward, ref request, ref reply);
                break;
        }
        return true;
    }
}
