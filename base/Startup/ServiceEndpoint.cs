using System;
using Skerry.Abi;
using Skerry.Base.Kernel;
using Skerry.Base.Rpc;
using Skerry.Base.Sessions;

namespace Skerry.Base.Startup;

/// <summary>
/// Where a component offers a service: one kernel endpoint; each object that clients can call is a badge of it.
/// </summary>
public readonly struct ServiceEndpoint(EndpointCapability endpoint, uint cpu)
{
    /// <summary>The badge of the service's root, which makes the sessions; a session's is its <see cref="SessionId"/>.</summary>
    public const ulong RootBadge = 1;

    public EndpointCapability Endpoint { get; } = endpoint;

    /// <summary>Where it is served, in the component's space.</summary>
    public uint Cpu { get; } = cpu;

    /// <summary>An endpoint whose server thread runs on one CPU of the component's space.</summary>
    public static AllocationResult Open(in Environment environment, uint cpu, out ServiceEndpoint service)
    {
        AllocationResult result = environment.Pd.AllocateEndpoint(cpu, out EndpointCapability endpoint);
        service = new ServiceEndpoint(endpoint, cpu);
        return result;
    }

    /// <summary>
    /// A capability with which others call the object of this badge. It lies in a slot of the own table, to be released
    /// (<see cref="CapabilitySlots.Release"/>) when the object goes.
    /// </summary>
    public bool TryMint(ulong badge, out Capability capability)
    {
        capability = Capability.None;
        if (!CapabilitySlots.TryAllocate(out CapabilitySlot slot))
        {
            return false;
        }
        CapTableCapability own = CapTableCapability.Own;
        EndpointRights rights = EndpointRights.Send | EndpointRights.Grant;
        if (own.Mint(slot, own, Endpoint, rights, badge) != Status.Ok)
        {
            CapabilitySlots.Free(slot);
            return false;
        }
        capability = Capability.In(slot);
        return true;
    }

    /// <summary>
    /// Tells the parent that sessions of this service can be had here. A further thread of the component takes its requests
    /// from then on, and calls the root as clients call their sessions.
    /// </summary>
    public ParentResult Announce(in Environment environment, ReadOnlySpan<byte> service)
    {
        if (!TryMint(RootBadge, out Capability root))
        {
            return ParentResult.OutOfCapabilities;
        }
        ParentResult result = SessionThread.Announce(in environment, service, this, root.Slot);
        if (result != ParentResult.Ok)
        {
            CapabilitySlots.Release(root.Slot);
        }
        return result;
    }

    /// <summary>
    /// As <see cref="Serve"/>, on its callers' time: what is served is charged to who asked for it, and a call takes the
    /// kernel's fast path. If a caller ends inside its call, the thread finishes that with its own time. A further thread of
    /// the component, the keeper, sees to it; if its account does not cover one, all is served on the thread's own time.
    /// </summary>
    public unsafe Status ServeOnCallers<THandler>(in Environment environment, ref THandler handler)
        where THandler : struct, IMessageHandler
    {
        CallersTime time = default;
        if (!CallersTime.TryBegin(in environment, Cpu, &time))
        {
            return Serve(ref handler);
        }
        var kept = new OnCallersTime<THandler>(ref handler, &time);
        Status status = Entrypoint.Serve(ref kept, Endpoint);
        CallersTime.End(in environment, &time);
        return status;
    }

    /// <summary>Serves for ever, on the running thread, which has a Reply object bound.</summary>
    public Status Serve<THandler>(ref THandler handler)
        where THandler : IMessageHandler, allows ref struct => Entrypoint.Serve(ref handler, Endpoint);
}
