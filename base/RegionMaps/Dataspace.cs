using Skerry.Abi;
using Skerry.Base.Kernel;
using Skerry.Base.Memory;

namespace Skerry.Base.RegionMaps;

/// <summary>
/// A piece of memory that can be attached to region maps. What it is and how large never changes; its attachments are of
/// the structure (<see cref="MappingLibrary{TKernel}"/>).
/// </summary>
public unsafe struct Dataspace
{
    public DataspaceKind Kind;

    /// <summary>What its mappings may do at most.</summary>
    public FrameRights Rights;

    /// <summary>Bytes, a multiple of the page size.</summary>
    public ulong Size;

    /// <summary>Frame and Foreign: the part that it begins with, and behind it the others.</summary>
    public DataspacePart First;

    /// <summary>Managed: the map whose addresses are the offsets in this dataspace.</summary>
    public RegionMap* Inner;

    /// <summary>The account that pays for it, and its owner; null for the server itself.</summary>
    public QuotaAccount* Account;

    /// <summary>By which the services name it; 0 if no capability to it was ever made.</summary>
    public ulong Handle;

    /// <summary>By which the services name the protection domain that may free it.</summary>
    public ulong Owner;

    /// <summary>It is being freed: nothing attaches it any more. Of the structure.</summary>
    internal bool IsGoing;

    /// <summary>Regions that attach it, linked by <see cref="Region.NextAttachment"/>.</summary>
    internal Region* Attachments;

    /// <summary>How many of them are in maps that another account pays for.</summary>
    internal uint AttachmentsElsewhere;

    /// <summary>The next dataspace of the same owner; for the services.</summary>
    public Dataspace* NextOwned;
    public Dataspace* PreviousOwned;

    /// <summary>The part that holds an offset, which lies below the size.</summary>
    // Safety: a record stays where it is until it is given back, and the first part lies in the dataspace's own.
    public static DataspacePart* PartAt(Dataspace* dataspace, ulong offset)
    {
        DataspacePart* part = &dataspace->First;
        while (offset >= part->End)
        {
            part = part->Next;
        }
        return part;
    }
}
