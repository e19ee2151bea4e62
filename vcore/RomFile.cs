using System;
using Skerry.Abi;
using Skerry.Base.Kernel;
using Skerry.Base.Sessions;
using Environment = Skerry.Base.Startup.Environment;

namespace Skerry.VCore;

/// <summary>A module of the parent's ROM service that stays attached: the configuration, and the children's programs.</summary>
internal static class RomFile
{
    /// <summary>Empty if there is no such module.</summary>
    public static ReadOnlySpan<byte> Attached(in Environment environment, scoped ReadOnlySpan<byte> name) =>
        TryAttach(in environment, name, out ReadOnlySpan<byte> content) ? content : default;

    public static unsafe bool TryAttach(
        in Environment environment,
        scoped ReadOnlySpan<byte> name,
        out ReadOnlySpan<byte> content
    )
    {
        content = default;
        if (environment.OpenSession("ROM"u8, name, Quota.None, out CapabilitySlot session) != ParentResult.Ok)
        {
            return false;
        }
        RomResult found = new RomSessionClient(session).Dataspace(out DataspaceCapability dataspace, out ulong bytes);
        if (found != RomResult.Ok || bytes is 0 or > int.MaxValue)
        {
            return false;
        }
        RegionMapClient map = environment.RegionMap;
        if (map.Attach(dataspace, 0, 0, IRegionMap.AnyAddress, FrameRights.Read, out ulong address) != AttachResult.Ok)
        {
            return false;
        }
        // Safety: it stays attached as long as the vcore runs.
        content = new ReadOnlySpan<byte>((void*)address, (int)bytes);
        return true;
    }
}
