using Skerry.Abi;
using Skerry.Kernel.Objects;

namespace Skerry.Kernel.Capabilities;

/// <summary>Copy, mint and move. Under the cluster lock.</summary>
internal static unsafe class Copying
{
    /// <summary>Derives a capability with at most the rights given. A badge of 0 keeps the source's.</summary>
    public static Status Derive(Capability* source, Capability* destination, byte rights, ulong badge)
    {
        Status status = MayDerive(source, badge);
        if (status != Status.Ok)
        {
            return status;
        }
        ulong data = source->Type switch
        {
            // A copy of a frame has a window of its own, so that a dataspace can be attached many times.
            ObjectType.Frame => 0,
            _ => badge != 0 ? badge : source->Data,
        };
        destination->Write(source->Type, (byte)(source->Rights & rights), source->PhysicalBase, data, source->Extent);
        DerivationTree.InsertChild(source, destination);
        return Status.Ok;
    }

    private static Status MayDerive(Capability* source, ulong badge)
    {
        if (source->Depth >= Capability.MaximumDepth)
        {
            return Status.InvalidState;
        }
        switch (source->Type)
        {
            case ObjectType.None:
                return Status.InvalidCapability;
            case ObjectType.Untyped:
            case ObjectType.PageTable:
            case ObjectType.Reply:
                // One holder at a time: what is made of it, or mapped by it, is known through this one capability.
                return Status.WrongObjectType;
            case ObjectType.Endpoint:
            case ObjectType.Notification:
                return badge != 0 && source->Data != 0 ? Status.InvalidState : Status.Ok;
            default:
                return badge == 0 ? Status.Ok : Status.WrongObjectType;
        }
    }

    public static Status Move(Capability* source, Capability* destination)
    {
        if (source->IsEmpty)
        {
            return Status.InvalidCapability;
        }
        AddressSpace* space = source->MappedIn;
        destination->Write(source->Type, source->Rights, source->PhysicalBase, source->Data, source->Extent);
        if (space != null)
        {
            destination->SetMapping(space, source->Data);
        }
        DerivationTree.Replace(source, destination);
        source->Clear();
        return Status.Ok;
    }
}
