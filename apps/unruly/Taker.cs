using Skerry.Abi;
using Skerry.Base.Kernel;
using Skerry.Base.Sessions;
using Skerry.Base.Startup;

namespace Skerry.Apps.Unruly;

/// <summary>Takes what costs nothing, and more than it may of what does.</summary>
internal static class Taker
{
    private const ulong NoEndpoint = 2;
    private const ulong OtherAnswer = 3;
    private const ulong NotRefused = 4;
    private const ulong NotBack = 5;
    private const ulong NoSlotLeft = 6;
    private const ulong NotAttached = 7;

    /// <summary>More than a server has slots for.</summary>
    private const int Rounds = 1500;

    /// <summary>Capabilities that designate nothing of the server's, for whatever takes one.</summary>
    public static ulong PassForeign(in Environment environment)
    {
        if (environment.Pd.AllocateEndpoint(0, out EndpointCapability endpoint) != AllocationResult.Ok)
        {
            return NoEndpoint;
        }
        Capability foreign = Capability.In(endpoint.Slot);
        var account = new PdSessionCapability(foreign);
        var dataspace = new DataspaceCapability(foreign);
        for (int i = 0; i < Rounds; i++)
        {
            bool asExpected =
                environment.Pd.TransferQuota(account, Quota.None) == QuotaResult.InvalidAccount
                && environment.Pd.FreeRam(dataspace) == DataspaceResult.InvalidDataspace
                && environment.Pd.Seal(dataspace) == DataspaceResult.InvalidDataspace
                && environment.Pd.DataspaceSize(dataspace, out _) == DataspaceResult.InvalidDataspace
                && environment.Rm.Destroy(new RegionMapCapability(foreign)) == RegionMapResult.InvalidRegionMap
                && environment.Cpu.DestroyThread(new CpuThreadCapability(foreign)) == ThreadResult.InvalidThread
                && environment.RegionMap.Attach(dataspace, 0, 0, IRegionMap.AnyAddress, default, out _)
                    == AttachResult.InvalidDataspace
                && environment.Parent.AnswerRequest(default, SessionResult.Ok, new SessionCapability(foreign))
                    == ParentResult.UnknownSession;
            if (!asExpected)
            {
                return OtherAnswer;
            }
        }
        // What arrives in a slot still arrives: it is refused for its name alone.
        bool arrives =
            environment.Pd.AllocateNotification(0, out NotificationCapability requests) == AllocationResult.Ok
            && environment.Parent.Announce("Odd"u8, requests) == ParentResult.Denied;
        return arrives ? ExitValue.Success : NoSlotLeft;
    }

    /// <summary>
    /// A module of core's, which a vcore knows by a capability alone: attached and detached more often than anybody has
    /// slots, then as often as it may be.
    /// </summary>
    public static ulong AttachRom(in Environment environment)
    {
        ParentResult opened = environment.OpenSession("ROM"u8, "system.bin"u8, Quota.None, out CapabilitySlot session);
        if (opened != ParentResult.Ok || !TryAttach(in environment, session, out ulong address))
        {
            return NotAttached;
        }
        environment.RegionMap.Detach(address);
        environment.Pd.Quota(out QuotaState before);
        for (int i = 0; i < Rounds; i++)
        {
            bool attached = TryAttach(in environment, session, out address);
            if (!attached || environment.RegionMap.Detach(address) != RegionMapResult.Ok)
            {
                return NotAttached;
            }
        }
        environment.Pd.Quota(out QuotaState after);
        for (int i = 0; TryAttach(in environment, session, out _); i++)
        {
            if (i == Rounds)
            {
                return NotRefused;
            }
        }
        bool isBack =
            after.Used.RamBytes == before.Used.RamBytes && after.Used.Capabilities == before.Used.Capabilities;
        return isBack ? ExitValue.Success : NotBack;
    }

    /// <summary>A module of core's at an address, to be written to as far as its server knows.</summary>
    public static bool TryAttachModule(in Environment environment, ulong at) =>
        environment.OpenSession("ROM"u8, "system.bin"u8, Quota.None, out CapabilitySlot session) == ParentResult.Ok
        && TryAttach(in environment, session, at, FrameRights.Read | FrameRights.Write, out _);

    private static bool TryAttach(in Environment environment, CapabilitySlot session, out ulong address) =>
        TryAttach(in environment, session, IRegionMap.AnyAddress, FrameRights.Read, out address);

    private static bool TryAttach(
        in Environment environment,
        CapabilitySlot session,
        ulong at,
        FrameRights rights,
        out ulong address
    )
    {
        address = 0;
        if (new RomSessionClient(session).Dataspace(out DataspaceCapability module, out _) != RomResult.Ok)
        {
            return false;
        }
        AttachResult result = environment.RegionMap.Attach(module, 0, 0, at, rights, out address);
        CapabilitySlots.Release(module.Capability.Slot);
        return result == AttachResult.Ok;
    }

    /// <summary>As many region maps as it is given, which is as many as it has capabilities; then it gives one back.</summary>
    public static ulong MakeMaps(in Environment environment)
    {
        RegionMapCapability last = default;
        RegionMapResult result;
        while ((result = environment.Rm.Create(4096, out RegionMapCapability map)) == RegionMapResult.Ok)
        {
            last = map;
        }
        environment.Pd.Quota(out QuotaState state);
        if (result != RegionMapResult.OutOfCapabilities || state.Used.Capabilities != state.Limit.Capabilities)
        {
            return NotRefused;
        }
        bool isBack =
            environment.Rm.Destroy(last) == RegionMapResult.Ok
            && environment.Rm.Create(4096, out _) == RegionMapResult.Ok;
        return isBack ? ExitValue.Success : NotBack;
    }
}
