using System;
using Skerry.Abi;
using Skerry.Base.Kernel;
using Skerry.Base.Servers;
using Skerry.Base.Servers.Components;
using Skerry.Base.Servers.Objects;
using Skerry.Base.Servers.Services;
using Skerry.Base.Sessions;
using Environment = Skerry.Base.Startup.Environment;

namespace Skerry.VCore;

/// <summary>What a vcore asks its parent for: the console, services it does not serve itself, and foreign memory.</summary>
internal static unsafe class ParentHooks
{
    public static void Install(Server* server, in Environment environment)
    {
        server->Hooks.Print = &Print;
        server->Hooks.TryPrint = &TryPrint;
        server->Hooks.OpenSession = &OpenSession;
        server->Hooks.CloseSession = &CloseSession;
        server->Hooks.Forward = &Forward;
        for (uint i = 0; i < server->CpuCount; i++)
        {
            // One session for each CPU, served on that CPU: forwarding a fault sends no interrupt either.
            ParentResult result = environment.Parent.OpenSession(
                "FORWARD"u8,
                ""u8,
                default,
                Affinity.Cpu(i),
                Quota.None,
                out SessionCapability session,
                out _
            );
            server->Cpus[(int)i].Forward = result == ParentResult.Ok ? session.Capability.Slot : CapabilitySlot.Null;
        }
    }

    private static void Print(ReadOnlySpan<byte> line) => Environment.Current.Log.Write(line);

    private static LogResult TryPrint(ReadOnlySpan<byte> line) => Environment.Current.Log.TryWriteWhole(line);

    /// <summary>The parent sees the child's name before the label, as it sees its own children's.</summary>
    private static ParentResult OpenSession(
        Server* server,
        Child* child,
        ReadOnlySpan<byte> service,
        ReadOnlySpan<byte> label,
        ServiceSession** opened,
        SessionCapability* session
    )
    {
        *opened = null;
        *session = default;
        if (label.Length > IParent.MaximumLabel)
        {
            // The parent takes no longer one, and a part of it could be another's.
            return ParentResult.Denied;
        }
        ServiceSession* record = ServiceSessions.TryOpen(server, child->Pd, ObjectKind.ParentsSession, label);
        if (record == null)
        {
            return ParentResult.OutOfRam;
        }
        ParentResult result = Environment.Current.Parent.OpenSession(
            service,
            label,
            default,
            Affinity.Whole,
            Quota.None,
            out SessionCapability parents,
            out record->ParentsId
        );
        if (result != ParentResult.Ok)
        {
            ServiceSessions.Close(server, child->Pd, record);
            return result;
        }
        record->ParentsCapability = server->Keep(parents.Capability.Slot);
        if (record->ParentsCapability.IsNull)
        {
            Environment.Current.Parent.CloseSession(record->ParentsId);
            ServiceSessions.Close(server, child->Pd, record);
            return ParentResult.OutOfCapabilities;
        }
        *opened = record;
        *session = new SessionCapability(Capability.In(record->ParentsCapability));
        return ParentResult.Ok;
    }

    /// <summary>The parent takes its capability back, from the child too.</summary>
    private static void CloseSession(Server* server, ServiceSession* session)
    {
        if (!session->ParentsCapability.IsNull)
        {
            Environment.Current.Parent.CloseSession(session->ParentsId);
            server->LetGo(session->ParentsCapability);
        }
    }

    /// <summary>Called by the pager of that CPU, and so answered on it.</summary>
    private static ResolveResult Forward(
        Server* server,
        uint cpu,
        CapabilitySlot dataspace,
        ulong offset,
        FaultAccess access,
        ForwardedFrame* frame
    )
    {
        var parent = new FaultForwardClient(server->Cpus[(int)cpu].Forward);
        ResolveResult result = parent.Resolve(
            new DataspaceCapability(Capability.In(dataspace)),
            offset,
            access,
            out FrameCapability found,
            out ulong frameOffset,
            out ulong pages
        );
        *frame = new ForwardedFrame(found.Slot, frameOffset, pages);
        return result;
    }
}
