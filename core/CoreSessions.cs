using System;
using Skerry.Base.Kernel;
using Skerry.Base.RegionMaps;
using Skerry.Base.Servers;
using Skerry.Base.Sessions;

namespace Skerry.Core;

/// <summary>The sessions that core alone serves. The service lock is held.</summary>
internal static unsafe class CoreSessions
{
    public static ParentResult Open(
        Server* server,
        Child* child,
        ReadOnlySpan<byte> service,
        ReadOnlySpan<byte> label,
        SessionCapability* session
    )
    {
        *session = default;
        return service.SequenceEqual("ROM"u8) ? OpenRom(server, child, label, session) : ParentResult.Denied;
    }

    private static ParentResult OpenRom(
        Server* server,
        Child* child,
        ReadOnlySpan<byte> label,
        SessionCapability* session
    )
    {
        Dataspace* module = RomModules.Find(server, LastPart(label), out ulong bytes);
        if (module == null)
        {
            return ParentResult.Denied;
        }
        ServiceSession* opened = ServiceSessions.TryOpen(server, child->Pd, ObjectKind.RomSession, label);
        if (opened == null)
        {
            return ParentResult.OutOfRam;
        }
        opened->Module = module;
        opened->ModuleBytes = bytes;
        *session = new SessionCapability(server->CapabilityTo(opened->Handle, child->Pd->FirstCpu));
        return session->Capability.IsNone ? ParentResult.OutOfCapabilities : ParentResult.Ok;
    }

    /// <summary>Labels are joined by " -> " as they pass upwards; the last part is what the client asked for.</summary>
    private static ReadOnlySpan<byte> LastPart(ReadOnlySpan<byte> label)
    {
        int start = label.Length;
        while (start > 0 && label[start - 1] != (byte)' ')
        {
            start--;
        }
        return label.Slice(start);
    }
}
