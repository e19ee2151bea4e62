using System;
using Skerry.Base.Kernel;
using Skerry.Base.Memory;
using Skerry.Base.Servers.Components;
using Skerry.Base.Servers.Objects;
using Skerry.Base.Sessions;
using Skerry.Base.Text;

namespace Skerry.Base.Servers.Services;

/// <summary>What a child asks its parent. The service lock is held.</summary>
/// <param name="server">The parent.</param>
/// <param name="child">Who asks.</param>
/// <param name="cpu">Of the child's thread, by index among the server's.</param>
/// <param name="sentCapability">The request was sent with a capability, which may not have arrived.</param>
public unsafe struct ParentServer(Server* server, Child* child, uint cpu, bool sentCapability) : IParent
{
    /// <summary>The answer comes later, or never: the caller has been put aside.</summary>
    public bool Deferred { get; private set; }

    public ParentResult OpenSession(
        ReadOnlySpan<byte> service,
        ReadOnlySpan<byte> label,
        ReadOnlySpan<byte> arguments,
        Affinity affinity,
        Quota donation,
        out SessionCapability session,
        out SessionId id
    )
    {
        session = default;
        id = default;
        var space = new Affinity(child->Pd->FirstCpu, child->Pd->CpuCount);
        Span<byte> buffer = stackalloc byte[IParent.MaximumFullLabel];
        var full = new TextBuilder(buffer);
        full.Append(child->Name.Text).Append(" -> "u8).Append(label);
        var wish = new SessionWish
        {
            Service = service,
            Label = full.Text,
            Arguments = arguments,
            Place = affinity.Within(space, out _),
            Donation = new Resources(donation.RamBytes, donation.Capabilities),
        };
        if (Routes.TryFindChild(server, child, service, label, out uint target))
        {
            ServerCpu* own = (ServerCpu*)&server->Cpus + cpu;
            ParentResult asked = SiblingSessions.Ask(
                server,
                child,
                target,
                in wish,
                ref own->SessionCaller,
                own->SessionThread
            );
            Deferred = asked == ParentResult.Pending;
            return asked;
        }
        return OwnSessions.Open(server, child, in wish, out session, out id);
    }

    public ParentResult CloseSession(SessionId session) =>
        new ObjectHandle(session.Value).Kind == ObjectKind.SiblingSession
            ? SiblingSessions.Close(server, child, session)
            : OwnSessions.Close(server, child, session);

    public ParentResult Announce(ReadOnlySpan<byte> service, NotificationCapability requests)
    {
        if (child->ServiceCount == IParent.MaximumServices || requests.Slot.IsNull)
        {
            CapabilitySlots.Release(requests.Slot);
            return ParentResult.OutOfCapabilities;
        }
        if (!ServiceLines.MayAnnounce(server, child, service) || HasAnnounced(service))
        {
            CapabilitySlots.Release(requests.Slot);
            return ParentResult.Denied;
        }
        CapabilitySlot kept = server->Keep(requests.Slot);
        if (kept.IsNull)
        {
            return ParentResult.OutOfCapabilities;
        }
        ref AnnouncedService announced = ref child->Announced[child->ServiceCount];
        announced.Name.Set(service);
        announced.Requests = new NotificationCapability(kept);
        child->ServiceCount++;
        SiblingSessions.AdvanceAll(server);
        return ParentResult.Ok;
    }

    private readonly bool HasAnnounced(ReadOnlySpan<byte> service)
    {
        for (int i = 0; i < child->ServiceCount; i++)
        {
            if (child->Announced[i].Name.Text.SequenceEqual(service))
            {
                return true;
            }
        }
        return false;
    }

    public ParentResult NextRequest(out SessionRequest request, Span<byte> label, Span<byte> arguments) =>
        SessionRequests.Take(server, child, out request, label, arguments);

    public ParentResult AnswerRequest(SessionId session, SessionResult result, SessionCapability capability) =>
        SessionRequests.Answer(server, child, session, result, capability.Capability.Slot, sentCapability);

    public ParentResult Exit(ulong value)
    {
        if (child->State == ChildState.Running && child->TryEnd())
        {
            child->ExitValue = value;
            child->State = ChildState.Exited;
            server->Attention.Signal();
        }
        // The child waits for an answer until it is destroyed.
        HeldCaller* held = server->Callers.PutAside(cpu);
        if (held != null)
        {
            child->Held.Push(held);
        }
        Deferred = held != null;
        return ParentResult.Ok;
    }

    /// <summary>Denied: quota is what the configuration says, and a parent hands out no slack by itself.</summary>
    public ParentResult RequestResources(Quota wanted) => ParentResult.Denied;
}
