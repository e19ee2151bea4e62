using System;
using Skerry.Base.Kernel;
using Skerry.Base.Servers.Components;
using Skerry.Base.Servers.Objects;
using Skerry.Base.Sessions;
using Skerry.Base.Text;

namespace Skerry.Base.Servers.Services;

/// <summary>Sessions that a child opens of its server's own services, or of those that the server's hooks know. The service lock is held.</summary>
internal static unsafe class OwnSessions
{
    public static ParentResult Open(
        Server* server,
        Child* child,
        in SessionWish wish,
        out SessionCapability session,
        out SessionId id
    )
    {
        session = default;
        id = default;
        ParentResult result = SessionCosts.Charge(server, child->Pd, wish.Donation);
        if (result != ParentResult.Ok)
        {
            return result;
        }
        ObjectKind kind = ServiceSessions.KindOf(wish.Service);
        ServiceSession* opened = null;
        result =
            kind == ObjectKind.None
                ? OpenOther(server, child, in wish, out opened, out session)
                : OpenOwn(server, child, kind, in wish, out opened, out session);
        if (result != ParentResult.Ok)
        {
            SessionCosts.Refund(server, child->Pd, wish.Donation);
            return result;
        }
        opened->IsPaid = true;
        opened->Donation = wish.Donation;
        id = new SessionId(opened->Handle.Value);
        return ParentResult.Ok;
    }

    public static ParentResult Close(Server* server, Child* child, SessionId id)
    {
        for (ServiceSession* own = child->Pd->Sessions; own != null; own = own->Next)
        {
            if (own->Handle.Value == id.Value && own->IsPaid)
            {
                ServiceSessions.Close(server, child->Pd, own);
                return ParentResult.Ok;
            }
        }
        return ParentResult.UnknownSession;
    }

    private static ParentResult OpenOwn(
        Server* server,
        Child* child,
        ObjectKind kind,
        in SessionWish wish,
        out ServiceSession* opened,
        out SessionCapability session
    )
    {
        opened = null;
        session = default;
        if (kind == ObjectKind.FaultForward && !child->Pd->IsServer)
        {
            // It hands out frames, which nobody but a server has a use for that is not this server's.
            ServiceLines.Refused(server, child, wish.Service, "it is for servers"u8);
            return ParentResult.Denied;
        }
        // As those that it was started with: on the console it says whose child this is.
        Span<byte> buffer = stackalloc byte[ServiceSession.MaximumLabel];
        var label = new TextBuilder(buffer);
        server->Name.BeginLabel(ref label);
        label.Append(wish.Label);
        opened = ServiceSessions.TryOpen(server, child->Pd, kind, label.Text);
        if (opened == null)
        {
            return ParentResult.OutOfCapabilities;
        }
        // Served on the CPU that the child asks for, so that its calls from there stay there.
        Capability capability = server->CapabilityTo(opened->Handle, wish.Place.X);
        if (capability.IsNone)
        {
            ServiceSessions.Close(server, child->Pd, opened);
            return ParentResult.OutOfCapabilities;
        }
        session = new SessionCapability(capability);
        return ParentResult.Ok;
    }

    /// <summary>Of a service that this library does not serve. A server among the children tells of its own itself.</summary>
    private static ParentResult OpenOther(
        Server* server,
        Child* child,
        in SessionWish wish,
        out ServiceSession* opened,
        out SessionCapability session
    )
    {
        ServiceSession* other = null;
        SessionCapability capability = default;
        ParentResult result = server->Hooks.OpenSession(server, child, wish.Service, wish.Label, &other, &capability);
        opened = other;
        session = result == ParentResult.Ok ? capability : default;
        if (result == ParentResult.Denied && !child->Pd->IsServer)
        {
            bool isCores = wish.Service.SequenceEqual("ROM"u8) || wish.Service.SequenceEqual("Channel"u8);
            ServiceLines.Refused(server, child, wish.Service, isCores ? "core denies it"u8 : "no route leads to it"u8);
        }
        return result;
    }
}
