using System;
using Skerry.Base.Kernel;
using Skerry.Base.Servers.Objects;

namespace Skerry.Base.Servers.Services;

/// <summary>Sessions of the services that need no more than a label and a place. The service lock is held.</summary>
public static unsafe class ServiceSessions
{
    /// <returns>Null if the server's memory is used up.</returns>
    public static ServiceSession* TryOpen(
        Server* server,
        ProtectionDomain* pd,
        ObjectKind kind,
        ReadOnlySpan<byte> label
    )
    {
        ServiceSession* session = server->Sessions.TryTake();
        ObjectHandle handle = session == null ? default : server->Objects.Add(kind, session);
        if (handle.IsNull)
        {
            if (session != null)
            {
                server->Sessions.Give(session);
            }
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
        server->LogTurns.Leave(session);
        if (session->Handle.Kind is ObjectKind.ChannelSession or ObjectKind.ParentsSession)
        {
            server->Hooks.CloseSession(server, session);
        }
        if (session->IsPaid)
        {
            SessionCosts.Refund(server, pd, session->Donation);
        }
        server->Retire(session->Handle);
        server->Sessions.Give(session);
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
