using System;
using Skerry.Base.Configuration;
using Skerry.Base.Kernel;
using Skerry.Base.RegionMaps;
using Skerry.Base.Servers;
using Skerry.Base.Servers.Components;
using Skerry.Base.Servers.Objects;
using Skerry.Base.Servers.Services;
using Skerry.Base.Sessions;
using Skerry.Core.Links;

namespace Skerry.Core;

/// <summary>The sessions that core alone serves. The service lock is held.</summary>
internal static unsafe class CoreSessions
{
    /// <summary>Bytes of " -> " between the parts of a label.</summary>
    private const int Arrow = 4;

    public static ParentResult Open(
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
        ParentResult result = ParentResult.Denied;
        if (service.SequenceEqual("Channel"u8))
        {
            result = OpenChannel(server, child, label, opened);
        }
        else if (service.SequenceEqual("ROM"u8))
        {
            result = OpenRom(server, child, label, opened);
        }
        if (result != ParentResult.Ok)
        {
            return result;
        }
        *session = new SessionCapability(server->CapabilityTo((*opened)->Handle, child->Pd->FirstCpu));
        if (!session->Capability.IsNone)
        {
            return ParentResult.Ok;
        }
        ServiceSessions.Close(server, child->Pd, *opened);
        return ParentResult.OutOfCapabilities;
    }

    /// <summary>Of those that are opened here, a channel's end alone has more than the library knows.</summary>
    public static void Close(Server* server, ServiceSession* session)
    {
        if (session->Handle.Kind == ObjectKind.ChannelSession)
        {
            ChannelSessions.Close(session);
        }
    }

    /// <summary>For the end that the configuration gives this child, or a vcore's child.</summary>
    private static ParentResult OpenChannel(
        Server* server,
        Child* child,
        ReadOnlySpan<byte> label,
        ServiceSession** opened
    )
    {
        // The end is found by what the client calls it, without the name of core's child in front.
        ReadOnlySpan<byte> own = label.Slice(child->Name.Text.Length + Arrow);
        var configuration = SystemConfiguration.OfChecked(server->Configuration);
        bool found = VcoreInstances.TryGetVcore(child, out uint vcore)
            ? ChannelDirectory.TryFindByLabel(in configuration, vcore, own, out ChannelEndId end)
            : ChannelDirectory.TryFind(in configuration, child->ConfigurationIndex, own, out end);
        *opened = found ? ChannelSessions.TryOpen(child, end) : null;
        return *opened != null ? ParentResult.Ok
            : found ? ParentResult.OutOfRam
            : ParentResult.Denied;
    }

    private static ParentResult OpenRom(Server* server, Child* child, ReadOnlySpan<byte> label, ServiceSession** opened)
    {
        Dataspace* module = RomModules.Find(server, LastPart(label), out ulong bytes);
        if (module == null)
        {
            return bytes == 0 ? ParentResult.Denied : ParentResult.OutOfRam;
        }
        *opened = ServiceSessions.TryOpen(server, child->Pd, ObjectKind.RomSession, label);
        if (*opened == null)
        {
            return ParentResult.OutOfRam;
        }
        (*opened)->Module = module;
        (*opened)->ModuleBytes = bytes;
        return ParentResult.Ok;
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
