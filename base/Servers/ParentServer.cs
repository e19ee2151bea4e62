using System;
using Skerry.Base.Configuration;
using Skerry.Base.Kernel;
using Skerry.Base.Sessions;
using Skerry.Base.Text;

namespace Skerry.Base.Servers;

/// <summary>What a child asks its parent. The service lock is held.</summary>
public unsafe struct ParentServer(Server* server, Child* child, uint cpu) : IParent
{
    /// <summary>The answer comes later, or never: the caller has been put aside.</summary>
    public bool Deferred { get; private set; }

    public ParentResult OpenSession(
        ReadOnlySpan<byte> service,
        ReadOnlySpan<byte> label,
        ReadOnlySpan<byte> arguments,
        Affinity affinity,
        Quota donation,
        out SessionCapability session
    )
    {
        session = default;
        if (Routes.TryFindChild(server, child, service, label, out uint target))
        {
            return Defer(service, label, target);
        }
        ObjectKind kind = ServiceSessions.KindOf(service);
        if (kind == ObjectKind.None)
        {
            return Forward(service, label, out session);
        }
        if (kind == ObjectKind.FaultForward && !child->Pd->IsServer)
        {
            // It hands out frames, which nobody but a server has a use for that is not this server's.
            ServiceLines.Refused(server, child, service, "it is for servers"u8);
            return ParentResult.Denied;
        }
        Span<byte> buffer = stackalloc byte[ServiceSession.MaximumLabel];
        var full = new TextBuilder(buffer);
        full.Append(Child.NameOf(child)).Append(" -> "u8).Append(label);
        ServiceSession* opened = ServiceSessions.TryOpen(server, child->Pd, kind, full.Text);
        // Served on the CPU that the child asks for, so that its calls from there stay there.
        var space = new Affinity(child->Pd->FirstCpu, child->Pd->CpuCount);
        uint place = affinity.Within(space, out _).X;
        Capability capability = opened == null ? Capability.None : server->CapabilityTo(opened->Handle, place);
        session = new SessionCapability(capability);
        return capability.IsNone ? ParentResult.OutOfCapabilities : ParentResult.Ok;
    }

    public ParentResult CloseSession(SessionCapability session)
    {
        ulong badge = session.Capability.Badge;
        var found = (ServiceSession*)server->Objects.Find(badge, new ObjectHandle(badge).Kind);
        for (ServiceSession* own = child->Pd->Sessions; own != null; own = own->Next)
        {
            if (own == found)
            {
                ServiceSessions.Close(server, child->Pd, own);
                return ParentResult.Ok;
            }
        }
        return ParentResult.UnknownSession;
    }

    public ParentResult Announce(ReadOnlySpan<byte> service, RootCapability root)
    {
        if (child->ServiceCount == Child.MaximumServices || root.Capability.Slot.IsNull)
        {
            CapabilitySlots.Release(root.Capability.Slot);
            return ParentResult.OutOfCapabilities;
        }
        ref AnnouncedService announced = ref child->Announced[child->ServiceCount];
        ServiceLines.Announced(server, child, service);
        announced.SetName(service);
        announced.Root = root.Capability.Slot;
        child->ServiceCount++;
        server->Attention.Signal();
        return ParentResult.Ok;
    }

    public ParentResult Exit(ulong value)
    {
        if (child->State == ChildState.Running)
        {
            child->ExitValue = value;
            child->State = ChildState.Exited;
            server->Attention.Signal();
        }
        // The child waits for an answer until it is destroyed.
        Deferred = PutAside() != null;
        return ParentResult.Ok;
    }

    /// <summary>Denied: quota is what the configuration says, and a parent hands out no slack by itself.</summary>
    public ParentResult RequestResources(Quota wanted) => ParentResult.Denied;

    /// <summary>Of a service that this library does not serve. A server among the children tells of its own itself.</summary>
    private ParentResult Forward(ReadOnlySpan<byte> service, ReadOnlySpan<byte> label, out SessionCapability session)
    {
        SessionCapability other;
        ParentResult result = server->Hooks.OpenSession(server, child, service, label, &other);
        session = result == ParentResult.Ok ? other : default;
        if (result == ParentResult.Denied && !child->Pd->IsServer)
        {
            bool isCores = service.SequenceEqual("ROM"u8) || service.SequenceEqual("Channel"u8);
            ServiceLines.Refused(server, child, service, isCores ? "core denies it"u8 : "no route leads to it"u8);
        }
        return result;
    }

    private ParentResult Defer(ReadOnlySpan<byte> service, ReadOnlySpan<byte> label, uint target)
    {
        PendingSession* pending = server->PendingRecords.TryTake();
        HeldCaller* held = pending == null ? null : PutAside();
        if (held == null)
        {
            if (pending != null)
            {
                server->PendingRecords.Give(pending);
            }
            return ParentResult.OutOfCapabilities;
        }
        pending->Client = child;
        pending->Server = target;
        pending->Caller = held;
        pending->ServiceBytes = service.Length;
        pending->LabelBytes = label.Length;
        for (int i = 0; i < service.Length; i++)
        {
            pending->Service[i] = service[i];
        }
        for (int i = 0; i < label.Length; i++)
        {
            pending->Label[i] = label[i];
        }
        pending->Next = server->Pending;
        server->Pending = pending;
        Deferred = true;
        server->Attention.Signal();
        return ParentResult.Pending;
    }

    /// <summary>Holds the caller from now on; null if there is nothing to hold it by.</summary>
    private readonly HeldCaller* PutAside()
    {
        ServerCpu* own = (ServerCpu*)&server->Cpus + cpu;
        return server->Callers.PutAside(own->SessionThread, ref own->SessionCaller);
    }
}
