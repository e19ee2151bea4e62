using System;
using Skerry.Abi;
using Skerry.Base.Kernel;
using Skerry.Base.Memory;
using Skerry.Base.RegionMaps;
using Skerry.Base.Servers;
using Skerry.Base.Servers.Components;
using Skerry.Base.Servers.Objects;
using Skerry.Base.Servers.Services;
using Skerry.Base.Sessions;

namespace Skerry.Tests.Host.Servers.House;

/// <summary>What a house's server asks others for, and where pages of its records come from.</summary>
internal static unsafe class HouseHooks
{
    /// <summary>What the hook finds; there is one house at a time.</summary>
    private static Dataspace* module;

    /// <param name="server">The house's.</param>
    /// <param name="found">What its children get for a session of ROM.</param>
    /// <param name="isVcore">Whether it has a parent.</param>
    public static void Install(Server* server, Dataspace* found, bool isVcore)
    {
        module = found;
        server->Hooks.Print = &Ignore;
        server->Hooks.TryPrint = &Take;
        server->Hooks.OpenSession = &OpenRom;
        if (isVcore)
        {
            server->Hooks.Forward = &Forward;
        }
    }

    public static void InstallPages(Server* server)
    {
        server->RecordPages.Take = &TakePage;
        server->RecordPages.Give = &GivePage;
    }

    private static void Ignore(ReadOnlySpan<byte> line) { }

    private static LogResult Take(ReadOnlySpan<byte> line) => LogResult.Ok;

    private static ResolveResult Forward(
        Server* server,
        uint cpu,
        CapabilitySlot dataspace,
        ulong offset,
        FaultAccess access,
        ForwardedFrame* frame
    ) => ResolveResult.NotPopulated;

    /// <summary>As core does.</summary>
    private static ParentResult OpenRom(
        Server* server,
        Child* child,
        ReadOnlySpan<byte> service,
        ReadOnlySpan<byte> label,
        ServiceSession** opened,
        SessionCapability* session
    )
    {
        if (!service.SequenceEqual("ROM"u8))
        {
            return ParentResult.Denied;
        }
        ServiceSession* made = ServiceSessions.TryOpen(server, child->Pd, ObjectKind.RomSession, label);
        Capability capability = made == null ? Capability.None : server->CapabilityTo(made->Handle, 0);
        if (capability.IsNone)
        {
            if (made != null)
            {
                ServiceSessions.Close(server, child->Pd, made);
            }
            return ParentResult.OutOfCapabilities;
        }
        made->Module = module;
        made->ModuleBytes = UserLayout.PageSize;
        *opened = made;
        *session = new SessionCapability(capability);
        return ParentResult.Ok;
    }

    private static bool TakePage(void* _, ulong address, RecordBacking* __)
    {
        new Span<byte>((void*)address, (int)UserLayout.PageSize).Clear();
        return true;
    }

    private static void GivePage(void* _, RecordBacking __) { }
}
