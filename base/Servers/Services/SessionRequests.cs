using System;
using Skerry.Base.Kernel;
using Skerry.Base.Memory;
using Skerry.Base.Servers.Components;
using Skerry.Base.Servers.Objects;
using Skerry.Base.Sessions;

namespace Skerry.Base.Servers.Services;

/// <summary>The provider's side of <see cref="SiblingSessions"/>: what it takes and what it answers. The service lock is held.</summary>
internal static unsafe class SessionRequests
{
    public static ParentResult Take(
        Server* server,
        Child* provider,
        out SessionRequest request,
        Span<byte> label,
        Span<byte> arguments
    )
    {
        request = default;
        SiblingSession* session = SiblingList.NextFor(server, provider);
        if (session == null)
        {
            return ParentResult.Pending;
        }
        ReadOnlySpan<byte> fullLabel = session->Label.Text;
        ReadOnlySpan<byte> clientArguments = session->Arguments.Text;
        if (fullLabel.Length > label.Length || clientArguments.Length > arguments.Length)
        {
            return ParentResult.CallFailed;
        }
        bool opens = session->State == SiblingState.Asked;
        session->State = opens ? SiblingState.Opening : SiblingState.Ending;
        fullLabel.CopyTo(label);
        clientArguments.CopyTo(arguments);
        request = new SessionRequest(
            new SessionId(session->Handle.Value),
            opens ? SessionRequestKind.Open : SessionRequestKind.Close,
            session->Service,
            (uint)fullLabel.Length,
            (uint)clientArguments.Length,
            PlaceIn(provider->Pd, session->Place),
            new Quota(session->Donation.Ram, session->Donation.Capabilities)
        );
        return ParentResult.Ok;
    }

    /// <summary>The capability's slot belongs to the server from now on, or is free again.</summary>
    public static ParentResult Answer(
        Server* server,
        Child* provider,
        SessionId id,
        SessionResult result,
        CapabilitySlot capability,
        bool sentCapability
    )
    {
        var session = (SiblingSession*)server->Objects.Find(id.Value, ObjectKind.SiblingSession);
        bool isAsked = session != null && session->Provider == provider;
        if (isAsked && session->State == SiblingState.Opening)
        {
            if (result != SessionResult.Ok)
            {
                CapabilitySlots.Release(capability);
                capability = default;
            }
            CapabilitySlot kept = server->Keep(capability);
            if (result == SessionResult.Ok && sentCapability && kept.IsNull)
            {
                return ParentResult.OutOfCapabilities;
            }
            AnswerOpen(server, session, result, kept);
            return ParentResult.Ok;
        }
        CapabilitySlots.Release(capability);
        return isAsked && session->State == SiblingState.Ending
            ? AnswerClose(server, session)
            : ParentResult.UnknownSession;
    }

    private static void AnswerOpen(
        Server* server,
        SiblingSession* session,
        SessionResult result,
        CapabilitySlot capability
    )
    {
        if (result != SessionResult.Ok || capability.IsNull)
        {
            SiblingSessions.End(server, session, ToParent(result));
            return;
        }
        session->Capability = capability;
        session->State = SiblingState.Open;
        Donation.Give(server, session->Provider->Pd, session->Donation);
        if (session->Client == null)
        {
            // It has ended meanwhile: the provider is to undo what it has done.
            SiblingSessions.LetGo(server, session);
            return;
        }
        SiblingSessions.Grant(server, session);
    }

    /// <summary>The donation comes back, all of it or nothing: then the provider has to free something first.</summary>
    private static ParentResult AnswerClose(Server* server, SiblingSession* session)
    {
        ChargeResult back = Donation.Hold(server, session->Provider->Pd, session->Donation);
        if (back != ChargeResult.Ok)
        {
            return back == ChargeResult.OutOfRam ? ParentResult.OutOfRam : ParentResult.OutOfCapabilities;
        }
        SiblingSessions.Remove(server, session);
        return ParentResult.Ok;
    }

    /// <summary>A place of the server's space, as the provider counts; all of its own where it does not reach.</summary>
    private static Affinity PlaceIn(ProtectionDomain* pd, Affinity place)
    {
        bool reaches = place.X >= pd->FirstCpu && place.X - pd->FirstCpu < pd->CpuCount;
        return reaches
            ? new Affinity(place.X - pd->FirstCpu, place.Width).Within(new Affinity(0, pd->CpuCount), out _)
            : Affinity.Whole;
    }

    /// <summary>What the provider says of a session that it does not open; Ok without a capability is none.</summary>
    private static ParentResult ToParent(SessionResult result) =>
        result switch
        {
            SessionResult.OutOfRam => ParentResult.OutOfRam,
            SessionResult.OutOfCapabilities => ParentResult.OutOfCapabilities,
            _ => ParentResult.Denied,
        };
}
