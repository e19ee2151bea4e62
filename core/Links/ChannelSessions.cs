using Skerry.Base.Configuration;
using Skerry.Base.Kernel;
using Skerry.Base.Rpc;
using Skerry.Base.Servers;
using Skerry.Base.Servers.Components;
using Skerry.Base.Servers.Objects;
using Skerry.Base.Servers.Services;
using Skerry.Base.Sessions;

namespace Skerry.Core.Links;

/// <summary>
/// The Channel service of this instance of core. Its start calls <see cref="Initialise"/>, its OpenSession hook
/// <see cref="TryOpen"/>, and its doorbell thread <see cref="Work"/> and <see cref="Accept"/>.
/// </summary>
public static unsafe class ChannelSessions
{
    private static Server* server;

    /// <summary>Has its own lock; allocated once, so that it does not move.</summary>
    private static ChannelBroker* broker;

    /// <summary>Channels of the system's configuration; false if the bookkeeping memory does not suffice.</summary>
    public static bool Initialise(Server* core, in SystemConfiguration configuration)
    {
        ulong own = (ulong)sizeof(ChannelBroker);
        byte* memory = core->Memory.TryTake(own + ChannelBroker.BytesFor(configuration.ChannelCount));
        if (memory == null)
        {
            return false;
        }
        server = core;
        broker = (ChannelBroker*)memory;
        *broker = new ChannelBroker(memory + own, configuration.ChannelCount, core->ClusterId);
        ChannelDirectory.Describe(in configuration, ref *broker);
        core->Hooks.ServeChannel = &Serve;
        return true;
    }

    /// <summary>
    /// Opens a session for a child of core, or for a vcore's child whose vcore passes it on.
    /// </summary>
    /// <param name="child">Core's child: the component, or the vcore.</param>
    /// <param name="end">Which end: see <see cref="ChannelDirectory"/>.</param>
    /// <returns>Null if core's bookkeeping is used up.</returns>
    public static ServiceSession* TryOpen(Child* child, ChannelEndId end)
    {
        ServiceSession* opened = ServiceSessions.TryOpen(server, child->Pd, ObjectKind.ChannelSession, default);
        if (opened != null)
        {
            opened->ChannelEnd = end.Index;
        }
        return opened;
    }

    /// <summary>For <see cref="ILinkHandler.OnChannelNotice"/>.</summary>
    public static void Accept(uint cluster, in ChannelNotice notice)
    {
        var resources = new CoreChannelResources(server, 0);
        broker->Accept(cluster, in notice, ref resources);
    }

    /// <summary>For <see cref="IDoorbellWork.Work"/>: wakes components, sends notices; true if one could not be sent yet.</summary>
    public static bool Work()
    {
        var resources = new CoreChannelResources(server, 0);
        var carrier = new LinkCarrier();
        broker->WakeSleepers(ref resources);
        return broker->Pump(ref carrier, ref resources);
    }

    private static ChannelEndId EndOf(ServiceSession* session) =>
        new(session->ChannelEnd / ChannelEndId.Sides, session->ChannelEnd % ChannelEndId.Sides);

    private static void Serve(ServiceSession* session, uint cpu, ref RpcMessage request, ref RpcMessage reply)
    {
        var resources = new CoreChannelResources(server, cpu);
        var service = new ChannelService<CoreChannelResources>(broker, EndOf(session), resources);
        ChannelSessionDispatch.Dispatch(ref service, ref request, ref reply);
    }

    /// <summary>The client has closed it, or has ended.</summary>
    public static void Close(ServiceSession* session)
    {
        var resources = new CoreChannelResources(server, 0);
        broker->Close(EndOf(session), ref resources);
    }
}
