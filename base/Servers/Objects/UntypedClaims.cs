using Skerry.Abi;
using Skerry.Base.Kernel;
using Skerry.Base.Memory;
using Skerry.Base.RegionMaps;
using Skerry.Base.Sessions;

namespace Skerry.Base.Servers.Objects;

/// <summary>
/// Untyped memory that a protection domain makes kernel objects of by itself. The domain's capability is a child of the
/// server's, so revoking the block takes everything back, whatever was made of it.
/// </summary>
internal static unsafe class UntypedClaims
{
    public static AllocationResult Claim(
        Server* server,
        ProtectionDomain* pd,
        int sizeBits,
        PhysicalWindow window,
        CapabilitySlot slot,
        out ulong physicalAddress
    )
    {
        physicalAddress = 0;
        if (pd->IsEnding)
        {
            // Its own threads may ask still while what they are made of is taken back, and would never come to an end.
            return AllocationResult.OutOfRam;
        }
        var cost = new Resources(1ul << sizeBits, 1);
        ChargeResult charged = pd->Account.Charge(cost);
        if (charged != ChargeResult.Ok)
        {
            return charged == ChargeResult.OutOfRam ? AllocationResult.OutOfRam : AllocationResult.OutOfCapabilities;
        }
        UntypedBlock* block = window.IsEverywhere
            ? server->Untyped.TryAllocate(sizeBits)
            : server->Untyped.TryAllocateWithin(window.Start, window.End, sizeBits);
        ProtectionDomain.Claim* claim = block == null ? null : pd->Account.Records.TryTake<ProtectionDomain.Claim>();
        if (claim == null || !Give(pd, block, slot))
        {
            Undo(server, block, claim);
            pd->Account.Refund(cost);
            return claim == null ? AllocationResult.OutOfRam : AllocationResult.InvalidArgument;
        }
        claim->Block = block;
        claim->Next = pd->Claims;
        pd->Claims = claim;
        physicalAddress = block->PhysicalBase;
        return AllocationResult.Ok;
    }

    /// <summary>
    /// Takes all of them back. The service lock, which the caller has alone, is given away meanwhile: what a domain has made of
    /// one, which is as much as fits, goes in one call of the kernel's.
    /// </summary>
    /// <param name="server">The domain's.</param>
    /// <param name="pd">It is ending.</param>
    public static void ReleaseAll(Server* server, ProtectionDomain* pd)
    {
        while (pd->Claims != null)
        {
            ProtectionDomain.Claim* claim = pd->Claims;
            pd->Claims = claim->Next;
            var cost = new Resources(claim->Block->Bytes, 1);
            server->ServiceLock.Release();
            server->Untyped.Free(claim->Block);
            server->ServiceLock.Acquire();
            pd->Account.Refund(cost);
            RecordPool.Give(claim);
        }
    }

    /// <summary>One untyped as large as the block, made into the domain's own table.</summary>
    private static bool Give(ProtectionDomain* pd, UntypedBlock* block, CapabilitySlot slot) =>
        new UntypedCapability(block->Slot).Retype(ObjectType.Untyped, block->SizeBits, 0, 1, pd->Table, slot, 0)
        == Status.Ok;

    private static void Undo(Server* server, UntypedBlock* block, ProtectionDomain.Claim* claim)
    {
        if (claim != null)
        {
            RecordPool.Give(claim);
        }
        if (block != null)
        {
            server->Untyped.Free(block);
        }
    }
}
