using System;
using Skerry.Base.Kernel;
using Skerry.Base.Memory;
using Skerry.Base.Servers.Objects;

namespace Skerry.Base.Servers.Services;

/// <summary>Sessions of the services that need no more than a label and a place. The service lock is held.</summary>
public static unsafe class ServiceSessions
{
    /// <returns>Null if the domain's memory is used up, or the server's.</returns>
    public static ServiceSession* TryOpen(
        Server* server,
        ProtectionDomain* pd,
        ObjectKind kind,
        ReadOnlySpan<byte> label
    )
    {
        ServiceSession* session = pd->Account.Records.TryTake<ServiceSession>();
        if (session == null)
        {
            return null;
        }
        session->Line = kind == ObjectKind.LogSession ? pd->Account.Records.TryTake<LogLine>() : null;
        bool isWhole = kind != ObjectKind.LogSession || session->Line != null;
        ObjectHandle handle = isWhole ? server->Objects.Add(&pd->Handles, kind, session) : default;
        if (handle.IsNull)
        {
            GiveRecords(session);
            return null;
        }
        session->Handle = handle;
        session->Pd = pd;
        session->FirstCpu = pd->FirstCpu;
        session->CpuCount = pd->CpuCount;
        session->SetLabel(label);
        session->Next = pd->Sessions;
        pd->Sessions = session;
        return session;
    }

    public static void Close(Server* server, ProtectionDomain* pd, ServiceSession* session)
    {
        ServiceSession** link = &pd->Sessions;
        while (*link != session)
        {
            link = &(*link)->Next;
        }
        *link = session->Next;
        if (session->Handle.Kind is ObjectKind.ChannelSession or ObjectKind.ParentsSession)
        {
            server->Hooks.CloseSession(server, session);
        }
        if (session->IsPaid)
        {
            SessionCosts.Refund(server, pd, session->Donation);
        }
        server->Retire(session->Handle);
        GiveRecords(session);
    }

    private static void GiveRecords(ServiceSession* session)
    {
        if (session->Line != null)
        {
            RecordPool.Give(session->Line);
        }
        RecordPool.Give(session);
    }

    /// <summary>Which kind of session a service's name asks for; None if this library does not serve it.</summary>
    public static ObjectKind KindOf(ReadOnlySpan<byte> service)
    {
        if (service.SequenceEqual("CPU"u8))
        {
            return ObjectKind.CpuSession;
        }
        if (service.SequenceEqual("RM"u8))
        {
            return ObjectKind.RmSession;
        }
        if (service.SequenceEqual("LOG"u8))
        {
            return ObjectKind.LogSession;
        }
        if (service.SequenceEqual("FORWARD"u8))
        {
            return ObjectKind.FaultForward;
        }
        return service.SequenceEqual("TRACE"u8) ? ObjectKind.Trace : ObjectKind.None;
    }
}
