using Skerry.Abi;
using Skerry.Base.Memory;
using Skerry.Base.RegionMaps;
using Skerry.Tests.Host.Memory;
using Xunit;

namespace Skerry.Tests.Host.RegionMaps;

/// <summary>What tests of region maps do with one, and its memory.</summary>
internal static unsafe class MapActions
{
    public const ulong Page = UserLayout.PageSize;
    public const FrameRights ReadWrite = FrameRights.Read | FrameRights.Write;

    /// <summary>
    /// As a pager does: first the common case alone, which must then be what the whole way comes to. The first fault of a region
    /// goes the whole way, and makes its window.
    /// </summary>
    public static FaultOutcome Fault(Workshop workshop, RegionMap* map, ulong address, FaultAccess access)
    {
        access |= FaultAccess.User;
        bool wasDirect = workshop.Mapping.TryResolveDirect(map, address, access, 0, out _);
        FaultOutcome outcome = workshop.Mapping.Resolve(map, address, access, 0, out Resolution resolution);
        bool isDirect = workshop.Mapping.TryResolveDirect(map, address, access, 0, out DirectResolution direct);
        Assert.Equal(outcome == FaultOutcome.Resolved && resolution.Path.Length == 1, isDirect);
        Assert.True(isDirect || !wasDirect);
        if (isDirect)
        {
            Assert.Equal(
                (resolution.Window, resolution.Rights, resolution.Address, resolution.Offset),
                (direct.Window, direct.Rights, direct.Address, direct.Offset)
            );
        }
        return outcome;
    }

    public static Dataspace* Ram(Workshop workshop, ulong bytes)
    {
        Assert.Equal(ChargeResult.Ok, workshop.Ram.Allocate(bytes, null, default, out Dataspace* dataspace));
        return dataspace;
    }

    public static AttachStatus Attach(
        Workshop workshop,
        RegionMap* map,
        Dataspace* dataspace,
        ulong at,
        ulong size,
        ulong offset,
        FrameRights rights = ReadWrite
    ) =>
        workshop.Mapping.Attach(
            map,
            dataspace,
            new AttachRequest
            {
                Fixed = true,
                Address = at,
                Size = size,
                Offset = offset,
                Rights = rights,
            },
            out _
        );
}
