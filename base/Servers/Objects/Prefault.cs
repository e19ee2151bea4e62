using Skerry.Abi;
using Skerry.Base.Kernel;
using Skerry.Base.RegionMaps;
using Skerry.Base.Servers.Faults;

namespace Skerry.Base.Servers.Objects;

/// <summary>Maps what faults would map one by one.</summary>
internal static unsafe class Prefault
{
    /// <param name="server">Whose domain it is.</param>
    /// <param name="pd">The domain.</param>
    /// <param name="cpu">Whose entrypoint asks, by index among the server's.</param>
    /// <param name="address">Of the first page.</param>
    /// <param name="bytes">Of all pages.</param>
    /// <returns>False if part of the range is not attached, is foreign, or its page tables can't be paid.</returns>
    public static bool Range(Server* server, ProtectionDomain* pd, uint cpu, ulong address, ulong bytes)
    {
        int announcer = server->AnnouncerOf(cpu);
        for (ulong page = address; page < address + bytes; page += UserLayout.PageSize)
        {
            FaultOutcome outcome = server->Mapping.Resolve(
                pd->Map,
                page,
                FaultAccess.User,
                announcer,
                out Resolution resolution
            );
            if (outcome != FaultOutcome.Resolved || !Map(server, pd, resolution))
            {
                return false;
            }
        }
        return true;
    }

    private static bool Map(Server* server, ProtectionDomain* pd, in Resolution resolution)
    {
        while (true)
        {
            Status status = new FrameCapability(resolution.Window).Map(
                pd->Space,
                resolution.Rights,
                resolution.Address,
                resolution.Offset,
                1,
                out ulong detail
            );
            if (status != Status.MissingPageTable)
            {
                return status is Status.Ok or Status.AlreadyMapped;
            }
            if (!PageTableSupply.Add(server, pd, resolution.Address, (int)detail))
            {
                return false;
            }
        }
    }
}
