using System;
using Skerry.Abi;
using Skerry.Base.Kernel;
using Skerry.Base.Servers.Components;
using Skerry.Base.Sessions;
using Environment = Skerry.Base.Startup.Environment;

namespace Skerry.VCore;

/// <summary>A module of the parent's ROM service, attached until it is closed: the configuration, or a child's program.</summary>
internal readonly unsafe struct RomFile
{
    private readonly CapabilitySlot _session;
    private readonly SessionId _id;
    private readonly DataspaceCapability _dataspace;
    private readonly ulong _address;
    private readonly int _bytes;

    private RomFile(CapabilitySlot session, SessionId id, DataspaceCapability dataspace, ulong address, int bytes)
    {
        _session = session;
        _id = id;
        _dataspace = dataspace;
        _address = address;
        _bytes = bytes;
    }

    // Safety: it is attached until Close.
    public ReadOnlySpan<byte> Content => new((void*)_address, _bytes);

    /// <returns>Ok, NoBinary, or why it could not be opened or attached: then there is nothing to close.</returns>
    public static LoadResult Open(in Environment environment, scoped ReadOnlySpan<byte> name, out RomFile file)
    {
        file = default;
        ParentResult opened = environment.OpenSession(
            "ROM"u8,
            name,
            Quota.None,
            out CapabilitySlot session,
            out SessionId id
        );
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
        LoadResult result = found != RomResult.Ok || bytes is 0 or > int.MaxValue ? LoadResult.NoBinary : LoadResult.Ok;
        ulong address = 0;
        if (result == LoadResult.Ok)
        {
            AttachResult attached = environment.RegionMap.Attach(
                dataspace,
                0,
                0,
                IRegionMap.AnyAddress,
                FrameRights.Read,
                out address
            );
            result = attached == AttachResult.Ok ? LoadResult.Ok : LoadResult.OutOfResources;
        }
        var whole = new RomFile(session, id, dataspace, address, (int)bytes);
        if (result == LoadResult.Ok)
        {
            file = whole;
        }
        else
        {
            whole.Close(in environment);
        }
        return result;
    }

    /// <summary>The place for a session at the parent is free again, and the addresses are. One that was not opened stays so.</summary>
    public void Close(in Environment environment)
    {
        if (_session.IsNull)
        {
            return;
        }
        if (_address != 0)
        {
            environment.RegionMap.Detach(_address);
        }
        CapabilitySlots.Release(_dataspace.Capability.Slot);
        environment.CloseSession(_id, _session);
    }
}
