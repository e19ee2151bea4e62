using System;
using Skerry.Abi;
using Skerry.Base.Kernel;
using Skerry.Base.Sessions;

namespace Skerry.Base.Startup;

/// <summary>All that a component has: who it is, and the sessions it was started with.</summary>
public readonly unsafe struct Environment
{
    private readonly StartupBlock* _block;

    // Safety: the block stays where it is as long as the component runs.
    public Environment(StartupBlock* block) => _block = block;

    /// <summary>The running component's own.</summary>
    public static Environment Current => new((StartupBlock*)UserLayout.InformationPage);

    public ReadOnlySpan<byte> Name => _block->Name.Text;

    public ReadOnlySpan<byte> Arguments => _block->Arguments.Text;

    /// <summary>The component's CPUs: X is 0, Width how many.</summary>
    public Affinity AffinitySpace => _block->AffinitySpace;

    /// <summary>The cluster that the component runs in.</summary>
    public uint ClusterId => _block->ClusterId;

    /// <summary>Priority of the main thread, as for <see cref="UserThread.Create"/>.</summary>
    public uint Priority => _block->Priority;

    /// <summary>How often the component was started again after its end, as its configuration allows: 0 the first time.</summary>
    public uint Restarts => _block->Restarts;

    /// <summary>Ticks of the time-stamp counter in a second.</summary>
    public ulong TscHertz => _block->TscHertz;

    /// <summary>The time-stamp counter when the parent, which had found the program, began to make the component.</summary>
    public ulong MadeAt => _block->MadeAt;

    public ParentClient Parent => new(Slot(StartupSlot.Parent));

    public PdSessionClient Pd => new(Slot(StartupSlot.Pd));

    public PdSessionCapability PdCapability => new(Capability.In(Slot(StartupSlot.Pd)));

    public CpuSessionClient Cpu => new(Slot(StartupSlot.Cpu));

    /// <summary>The address space: attach dataspaces here.</summary>
    public RegionMapClient RegionMap => new(Slot(StartupSlot.AddressSpace));

    public RmSessionClient Rm => new(Slot(StartupSlot.Rm));

    public TopologyClient Topology => new(Slot(StartupSlot.Topology));

    public TraceClient Trace => new(Slot(StartupSlot.Trace));

    public CpuThreadClient MainThread => new(Slot(StartupSlot.MainThread));

    /// <summary>The Reply object bound to the main thread: it can serve an endpoint at once.</summary>
    public ReplyCapability MainReply => new(Slot(StartupSlot.MainReply));

    public Log Log => new(new LogSessionClient(Slot(StartupSlot.Log)));

    public Ram Ram => new(Pd, RegionMap, Parent);

    /// <summary>Opens a session of a service that the parent routes, with the quota that <paramref name="donation"/> says.</summary>
    public ParentResult OpenSession(
        ReadOnlySpan<byte> service,
        ReadOnlySpan<byte> label,
        Quota donation,
        out CapabilitySlot session
    ) => OpenSession(service, label, donation, out session, out _);

    /// <summary>As the other, for a session that will be closed before the component ends.</summary>
    public ParentResult OpenSession(
        ReadOnlySpan<byte> service,
        ReadOnlySpan<byte> label,
        Quota donation,
        out CapabilitySlot session,
        out SessionId id
    )
    {
        ParentResult result = Parent.OpenSession(
            service,
            label,
            default,
            Affinity.Whole,
            donation,
            out SessionCapability capability,
            out id
        );
        session = capability.Capability.Slot;
        return result;
    }

    /// <summary>Closes a session; its capability's slot is free again, if the answer is Ok.</summary>
    public ParentResult CloseSession(SessionId id, CapabilitySlot session)
    {
        ParentResult result = Parent.CloseSession(id);
        if (result == ParentResult.Ok)
        {
            CapabilitySlots.Release(session);
        }
        return result;
    }

    /// <summary>Ends the component; the value goes to its parent.</summary>
    public void Exit(ulong value)
    {
        Parent.Exit(value);
        while (true)
        {
            Processor.Yield();
        }
    }

    private static CapabilitySlot Slot(StartupSlot slot) => new((uint)slot);
}
