using System.Threading;
using Skerry.Abi;
using Skerry.Apps.Ping;
using Skerry.Base.Kernel;
using Skerry.Base.Sessions;
using Skerry.Base.Startup;

namespace Skerry.Apps.Mortal;

/// <summary>What a worker does, one after the other, and leaves as it is.</summary>
internal static unsafe class Steps
{
    public const uint Count = 10;

    private const FrameRights Both = FrameRights.Read | FrameRights.Write;
    private const ulong Bytes = 8 * UserLayout.PageSize;
    private const ulong HandledPlace = 0x20_0000_0000;
    private static readonly Quota _gift = new(4096, 2);

    /// <summary>A session of the sibling.</summary>
    internal static CapabilitySlot Session { get; private set; }

    /// <returns>False if something was not to be had.</returns>
    public static bool Do(in Environment environment, uint step) =>
        step switch
        {
            0 => Memory(in environment),
            1 => Maps(in environment),
            2 => Busy.Start(in environment, BusyKind.Allocates),
            3 => Busy.Start(in environment, BusyKind.Faults),
            4 => Module(in environment),
            5 => Sibling(in environment),
            6 => Busy.Start(in environment, BusyKind.CallsSibling),
            7 => Busy.Start(in environment, BusyKind.OpensSessions),
            8 => Busy.Start(in environment, BusyKind.WaitsForService),
            _ => Handled(in environment),
        };

    private static bool Memory(in Environment environment)
    {
        bool made = environment.Ram.AllocateAttached(Bytes, out AttachedMemory memory) == AllocationResult.Ok;
        return made && Touch(memory.Address, Bytes);
    }

    /// <summary>A region map in the address space, with memory in it.</summary>
    private static bool Maps(in Environment environment)
    {
        bool made =
            environment.Rm.Create(2 * Bytes, out RegionMapCapability map) == RegionMapResult.Ok
            & environment.Ram.Allocate(Bytes, out DataspaceCapability memory) == AllocationResult.Ok;
        var inner = new RegionMapClient(map.Capability.Slot);
        return made
            && inner.Attach(memory, 0, 0, 0, Both, out _) == AttachResult.Ok
            && inner.Dataspace(out DataspaceCapability managed) == RegionMapResult.Ok
            && environment.RegionMap.Attach(managed, 0, 0, IRegionMap.AnyAddress, Both, out ulong address)
                == AttachResult.Ok
            && Touch(address, Bytes);
    }

    /// <summary>Of core's: below a vcore its faults are forwarded.</summary>
    private static bool Module(in Environment environment)
    {
        if (environment.OpenSession("ROM"u8, "system.bin"u8, Quota.None, out CapabilitySlot session) != ParentResult.Ok)
        {
            return false;
        }
        if (
            new RomSessionClient(session).Dataspace(out DataspaceCapability module, out ulong _) != RomResult.Ok
            || environment.RegionMap.Attach(module, 0, 0, IRegionMap.AnyAddress, FrameRights.Read, out ulong address)
                != AttachResult.Ok
        )
        {
            return false;
        }
        return Volatile.Read(ref *(ulong*)address) != 0;
    }

    private static bool Sibling(in Environment environment)
    {
        ParentResult opened = environment.OpenSession("Ping"u8, ""u8, _gift, out CapabilitySlot session);
        Session = session;
        return opened == ParentResult.Ok
            && new PingClient(session).Increment(1, out ulong result) == PingResult.Ok
            && result == 2;
    }

    /// <summary>A thread faults where a handler is to attach something, and does not: it waits.</summary>
    private static bool Handled(in Environment environment) =>
        environment.Pd.AllocateNotification(0, out NotificationCapability handler) == AllocationResult.Ok
        && environment.RegionMap.SetFaultHandler(handler) == RegionMapResult.Ok
        && Busy.Start(in environment, BusyKind.FaultsForEver)
        && handler.Wait(out _) == Status.Ok;

    internal static void FaultForEver() => Volatile.Write(ref *(ulong*)HandledPlace, 1ul);

    private static bool Touch(ulong address, ulong bytes)
    {
        for (ulong i = 0; i < bytes; i += UserLayout.PageSize)
        {
            Volatile.Write(ref *(ulong*)(address + i), i);
        }
        return true;
    }
}
