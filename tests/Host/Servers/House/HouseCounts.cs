using System.Runtime.CompilerServices;
using Skerry.Base.Kernel;
using Skerry.Base.Memory;
using Skerry.Base.Servers;
using Skerry.Base.Servers.Faults;

namespace Skerry.Tests.Host.Servers.House;

/// <summary>What a house's server counts at a moment.</summary>
internal static unsafe class HouseCounts
{
    public static Accounts Of(ServerHouse house)
    {
        Server* server = house.Server;
        Resources limits = default;
        Resources used = default;
        for (int i = 0; i < ServerHouse.ChildCount; i++)
        {
            if (house.IsAlive(i))
            {
                limits += house[i]->Pd->Account.Limit;
                used += house[i]->Pd->Account.Used;
            }
        }
        return new Accounts
        {
            LimitRam = server->Account.Limit.Ram,
            LimitCapabilities = server->Account.Limit.Capabilities,
            UsedRam = server->Account.Used.Ram + used.Ram - SpareOfChildren(house),
            UsedCapabilities = server->Account.Used.Capabilities + used.Capabilities,
            ChildrenRam = limits.Ram,
            ChildrenCapabilities = limits.Capabilities,
            UntypedBytes = server->Untyped.FreeBytes,
            Slots = server->Slots.FreeCount,
            MessageSlots = CapabilitySlots.FreeCount,
            Objects = server->Objects.InUse,
            Records =
                server->OwnRecords.InUse
                + RecordsOfChildren(house)
                + server->Blocks.InUse
                + server->Domains.InUse
                + server->SiblingRecords.InUse,
            Held = HeldCallers(house),
            Capabilities = house.Kernel.Count,
        };
    }

    /// <summary>A page that a refused request made is kept for the next, and is none of what the request took.</summary>
    private static ulong SpareOfChildren(ServerHouse house)
    {
        ulong bytes = 0;
        for (int i = 0; i < ServerHouse.ChildCount; i++)
        {
            bytes += house.IsAlive(i) ? house[i]->Pd->Account.Records.SpareBytes : 0;
        }
        return bytes;
    }

    private static uint RecordsOfChildren(ServerHouse house)
    {
        uint records = 0;
        for (int i = 0; i < ServerHouse.ChildCount; i++)
        {
            records += house.IsAlive(i) ? house[i]->Pd->Account.Records.InUse : 0;
        }
        return records;
    }

    private static int HeldCallers(ServerHouse house)
    {
        int held = 0;
        for (int i = 0; i < ServerHouse.ChildCount; i++)
        {
            var first = (HeldCaller*)(house.IsAlive(i) ? TopOf(ref house[i]->Held) : 0);
            for (HeldCaller* caller = first; caller != null; caller = caller->Next)
            {
                held++;
            }
        }
        return held;
    }

    [UnsafeAccessor(UnsafeAccessorKind.Field, Name = "_top")]
    private static extern ref ulong TopOf(ref CallerStack stack);
}
