using Skerry.Abi;
using Skerry.Base.Kernel;
using Skerry.Base.RegionMaps;
using Skerry.Base.Servers.Objects;
using Skerry.Base.Sessions;

namespace Skerry.Base.Servers.Services;

/// <summary>
/// For servers below this one: the memory behind a dataspace of this server, a few pages at a time, so that a revoke
/// reaches exactly what was handed out. The service lock is held.
/// </summary>
public readonly unsafe struct FaultForwardServer(Server* server, uint cpu) : IFaultForward
{
    /// <summary>The most that one answer brings: who reads one page of a module reads the next as a rule.</summary>
    private const ulong PagesAtOnce = 16;

    public ResolveResult Resolve(
        DataspaceCapability dataspace,
        ulong offset,
        FaultAccess access,
        out FrameCapability frame,
        out ulong frameOffset,
        out ulong pages
    )
    {
        frame = default;
        frameOffset = 0;
        pages = 0;
        Dataspace* found = DataspaceObjects.Find(server, dataspace.Capability);
        if (found == null || found->Kind == DataspaceKind.Foreign)
        {
            return ResolveResult.InvalidDataspace;
        }
        if (offset >= found->Size)
        {
            return ResolveResult.OutOfBounds;
        }
        DataspacePart* part = Base.RegionMaps.Dataspace.PartAt(found, offset);
        CapabilitySlot source = part->Slot;
        ulong sourceOffset = (offset & ~(UserLayout.PageSize - 1)) - part->Offset;
        ulong count = (part->Size - sourceOffset) / UserLayout.PageSize;
        count = count < PagesAtOnce ? count : PagesAtOnce;
        FrameRights rights = found->Rights;
        if (!Allows(rights, access))
        {
            return ResolveResult.Violation;
        }
        if (found->Kind == DataspaceKind.Managed)
        {
            // Of the window that a fault there would map, so that it goes when what the map has there is detached.
            FaultOutcome outcome = server->Mapping.Resolve(
                found->Inner,
                offset,
                access | FaultAccess.User,
                server->AnnouncerOf(cpu),
                out Resolution resolution
            );
            if (outcome != FaultOutcome.Resolved)
            {
                bool isThere = outcome is FaultOutcome.WriteViolation or FaultOutcome.ExecuteViolation;
                return isThere ? ResolveResult.Violation : ResolveResult.NotPopulated;
            }
            source = resolution.Window;
            sourceOffset = resolution.Offset;
            rights &= resolution.Rights;
            // What lies behind it in the map may be of another frame.
            count = 1;
        }
        ResolveResult result = Derive(source, sourceOffset, count, rights, out frame);
        pages = result == ResolveResult.Ok ? count : 0;
        return result;
    }

    private static bool Allows(FrameRights rights, FaultAccess access)
    {
        bool writes = (access & FaultAccess.Write) != 0;
        bool executes = (access & FaultAccess.Execute) != 0;
        return (!writes || (rights & FrameRights.Write) != 0) && (!executes || (rights & FrameRights.Execute) != 0);
    }

    /// <summary>
    /// A capability to the pages from an offset on. Sending copies it, so the one made here stays behind, in a slot of this CPU's, until the
    /// next is made there; the client's copy then hangs below the frame's own capability.
    /// </summary>
    private ResolveResult Derive(
        CapabilitySlot source,
        ulong offset,
        ulong pages,
        FrameRights rights,
        out FrameCapability frame
    )
    {
        frame = default;
        CapabilitySlot slot = server->Cpus[(int)cpu].HandedOut;
        CapTableCapability own = CapTableCapability.Own;
        own.Delete(slot);
        own.Delete(slot.Next());
        Status status = new FrameCapability(source).Derive(own, slot.Next(), offset, pages);
        if (status == Status.Ok)
        {
            // Copied with the rights that the dataspace has, which the frame itself may exceed.
            status = own.Copy(slot, own, slot.Next(), rights);
        }
        if (status != Status.Ok)
        {
            return ResolveResult.InvalidDataspace;
        }
        frame = new FrameCapability(slot);
        server->Cpus[(int)cpu].ForwardsServed++;
        return ResolveResult.Ok;
    }
}
