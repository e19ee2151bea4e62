using System;
using Skerry.Base.Configuration;
using Skerry.Base.Kernel;
using Skerry.Base.RegionMaps;
using Skerry.Base.Servers;
using Skerry.Base.Sessions;
using Skerry.Core.Links;

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
        if (service.SequenceEqual("Channel"u8))
        {
            return OpenChannel(server, child, label, session);
        }
        return service.SequenceEqual("ROM"u8) ? OpenRom(server, child, label, session) : ParentResult.Denied;
    }

    /// <summary>For the end that the configuration gives this child, or a vcore's child.</summary>
    private static ParentResult OpenChannel(
        Server* server,
        Child* child,
        ReadOnlySpan<byte> label,
        SessionCapability* session
    )
    {
        SystemConfiguration.Open(server->Configuration, out SystemConfiguration configuration);
        bool found = VcoreInstances.TryGetVcore(child, out uint vcore)
            ? ChannelDirectory.TryFindByLabel(in configuration, vcore, label, out ChannelEndId end)
            : ChannelDirectory.TryFind(in configuration, child->ConfigurationIndex, label, out end);
        return found ? ChannelSessions.Open(child, end, session) : ParentResult.Denied;
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
            return bytes == 0 ? ParentResult.Denied : ParentResult.OutOfRam;
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
