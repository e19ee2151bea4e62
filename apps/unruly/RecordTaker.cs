using System.Threading;
using Skerry.Abi;
using Skerry.Base.Kernel;
using Skerry.Base.Sessions;
using Skerry.Base.Startup;

namespace Skerry.Apps.Unruly;

/// <summary>
/// Has its parent know as much of it as its account allows, of one kind, then offers a service; who has a session of it
/// finds that nothing lacks that it has an account for.
/// </summary>
internal static unsafe class RecordTaker
{
    private const ulong NotTaken = 3;
    private const ulong NotAsMuch = 4;

    /// <summary>Capabilities that are not used up, for what offering a service costs.</summary>
    private const ulong KeptCapabilities = 16;

    private const ulong KeptBytes = 128 << 10;

    /// <summary>What the kinds have to come to, at least: more than a server could once keep of all its children.</summary>
    private const ulong Many = 1200;

    /// <summary>Threads that are done: more than a page has Reply objects.</summary>
    private const uint Finishing = 40;

    /// <summary>In which each of them has had its turn a few times.</summary>
    private const uint TurnsOfAll = 2000;

    private static uint isTaken;

    /// <summary>Region maps, and their dataspaces, whose capabilities it lets go of.</summary>
    public static bool TakeMaps(in Environment environment)
    {
        ulong count = 0;
        while (Left(in environment).Capabilities > KeptCapabilities && TakeMap(in environment))
        {
            count++;
        }
        return count >= Many;
    }

    /// <summary>As many sessions of a service of core's as it may have, of which its parent has each at core.</summary>
    public static bool TakeSessions(in Environment environment)
    {
        int count = 0;
        while (environment.OpenSession("ROM"u8, "system.bin"u8, Quota.None, out CapabilitySlot _) == ParentResult.Ok)
        {
            count++;
        }
        return count == IParent.MaximumSessions;
    }

    /// <summary>Region maps, each with a handler of its faults.</summary>
    public static bool TakeHandlers(in Environment environment)
    {
        ulong count = 0;
        if (environment.Pd.AllocateNotification(0, out NotificationCapability handler) != AllocationResult.Ok)
        {
            return false;
        }
        while (Left(in environment).Capabilities > KeptCapabilities && TakeHandler(in environment, handler))
        {
            count++;
        }
        return count >= Many;
    }

    /// <summary>One page, at as many addresses as it may be.</summary>
    public static bool TakeRegions(in Environment environment)
    {
        ulong count = 0;
        if (environment.Ram.Allocate(UserLayout.PageSize, out DataspaceCapability page) != AllocationResult.Ok)
        {
            return false;
        }
        while (Left(in environment).Capabilities > KeptCapabilities && TakeRegion(in environment, page))
        {
            count++;
        }
        return count >= Many;
    }

    /// <summary>Memory, a page at a time.</summary>
    public static bool TakePages(in Environment environment)
    {
        ulong count = 0;
        while (Left(in environment).RamBytes > KeptBytes && Left(in environment).Capabilities > KeptCapabilities)
        {
            AllocationResult result = environment.Ram.Allocate(UserLayout.PageSize, out DataspaceCapability page);
            if (result != AllocationResult.Ok)
            {
                return false;
            }
            CapabilitySlots.Release(page.Capability.Slot);
            count++;
        }
        return count >= Many;
    }

    /// <summary>
    /// Memory, a page at a time, for as long as its server has records of blocks; then what its server can still hold somebody
    /// by, with threads that are done; then it crashes.
    /// </summary>
    public static ulong TakeAllAndCrash(in Environment environment)
    {
        for (uint i = 0; i < Finishing; i++)
        {
            ThreadResult made = UserThread.Create<Finisher>(
                in environment,
                "done"u8,
                Affinity.Cpu(0),
                0,
                out UserThread thread
            );
            if (made != ThreadResult.Ok || thread.Start() != ThreadResult.Ok)
            {
                return NotTaken;
            }
        }
        while (environment.Ram.Allocate(UserLayout.PageSize, out DataspaceCapability page) == AllocationResult.Ok)
        {
            CapabilitySlots.Release(page.Capability.Slot);
        }
        if (Left(in environment).RamBytes < KeptBytes || Left(in environment).Capabilities < KeptCapabilities)
        {
            // Its own account was the first to be used up.
            return NotAsMuch;
        }
        Volatile.Write(ref isTaken, 1);
        for (uint i = 0; i < TurnsOfAll; i++)
        {
            Processor.Yield();
        }
        Volatile.Write(ref *(ulong*)8, 1ul);
        return NotTaken;
    }

    private struct Finisher : IThreadBody
    {
        public static void Run(ulong argument)
        {
            while (Volatile.Read(ref isTaken) == 0)
            {
                Processor.Yield();
            }
        }
    }

    /// <summary>All memory at once, then regions and region maps to the last capability: each account covers what it says.</summary>
    public static ulong UseAll(in Environment environment)
    {
        ulong bytes = Left(in environment).RamBytes - KeptBytes;
        if (environment.Ram.Allocate(bytes, out DataspaceCapability memory) != AllocationResult.Ok)
        {
            return NotTaken;
        }
        while (Left(in environment).Capabilities > Left(in environment).RamBytes / UserLayout.PageSize)
        {
            if (!TakeRegion(in environment, memory))
            {
                return NotAsMuch;
            }
        }
        while (Left(in environment).Capabilities != 0)
        {
            if (!TakeMap(in environment))
            {
                return NotAsMuch;
            }
        }
        return environment.Rm.Create(UserLayout.PageSize, out _) == RegionMapResult.OutOfCapabilities
            ? ExitValue.Success
            : NotAsMuch;
    }

    private static bool TakeMap(in Environment environment)
    {
        if (environment.Rm.Create(UserLayout.PageSize, out RegionMapCapability map) != RegionMapResult.Ok)
        {
            return false;
        }
        bool isWhole =
            new RegionMapClient(map.Capability.Slot).Dataspace(out DataspaceCapability inside) == RegionMapResult.Ok;
        CapabilitySlots.Release(inside.Capability.Slot);
        CapabilitySlots.Release(map.Capability.Slot);
        return isWhole;
    }

    private static bool TakeHandler(in Environment environment, NotificationCapability handler)
    {
        if (environment.Rm.Create(UserLayout.PageSize, out RegionMapCapability map) != RegionMapResult.Ok)
        {
            return false;
        }
        RegionMapResult result = new RegionMapClient(map.Capability.Slot).SetFaultHandler(handler);
        CapabilitySlots.Release(map.Capability.Slot);
        return result == RegionMapResult.Ok;
    }

    private static bool TakeRegion(in Environment environment, DataspaceCapability page) =>
        environment.RegionMap.Attach(page, UserLayout.PageSize, 0, IRegionMap.AnyAddress, FrameRights.Read, out _)
        == AttachResult.Ok;

    private static Quota Left(in Environment environment)
    {
        environment.Pd.Quota(out QuotaState state);
        return new Quota(
            state.Limit.RamBytes - state.Used.RamBytes,
            state.Limit.Capabilities - state.Used.Capabilities
        );
    }
}
