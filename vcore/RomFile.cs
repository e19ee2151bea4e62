using System;
using Skerry.Abi;
using Skerry.Base.Kernel;
using Skerry.Base.Servers.Components;
using Skerry.Base.Sessions;
using Environment = Skerry.Base.Startup.Environment;

namespace Skerry.VCore;

/// <summary>A module of the parent's ROM service that stays attached: the configuration, and the children's programs.</summary>
internal static class RomFile
{
    /// <returns>Ok, NoBinary, or why it could not be opened or attached.</returns>
    public static unsafe LoadResult Attach(
        in Environment environment,
        scoped ReadOnlySpan<byte> name,
        out ReadOnlySpan<byte> content
    )
    {
        content = default;
        ParentResult opened = environment.OpenSession("ROM"u8, name, Quota.None, out CapabilitySlot session);
        if (opened != ParentResult.Ok)
        {
            return opened switch
            {
                ParentResult.Denied => LoadResult.NoBinary,
                ParentResult.OutOfRam => LoadResult.NoMemoryForFile,
                _ => LoadResult.NoSession,
            };
        }
        RomResult found = new RomSessionClient(session).Dataspace(out DataspaceCapability dataspace, out ulong bytes);
        if (found != RomResult.Ok || bytes is 0 or > int.MaxValue)
        {
            return LoadResult.NoBinary;
        }
        RegionMapClient map = environment.RegionMap;
        if (map.Attach(dataspace, 0, 0, IRegionMap.AnyAddress, FrameRights.Read, out ulong address) != AttachResult.Ok)
        {
            return LoadResult.OutOfResources;
        }
        // Safety: it stays attached as long as the vcore runs.
        content = new ReadOnlySpan<byte>((void*)address, (int)bytes);
        return LoadResult.Ok;
    }
}
