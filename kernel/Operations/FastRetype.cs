using System.Runtime;
using System.Runtime.CompilerServices;
using Skerry.Abi;
using Skerry.Abi.Boot;
using Skerry.Kernel.Capabilities;
using Skerry.Kernel.Cluster;
using Skerry.Kernel.Ipc;
using Skerry.Kernel.Layout;
using Skerry.Kernel.Objects;

namespace Skerry.Kernel.Operations;

/// <summary>
/// Untyped.Retype of one small object of this CPU into the own table, of memory that has objects already and is zero where
/// this one goes: without the way through the thread object and the scheduler.
/// </summary>
internal static unsafe class FastRetype
{
    // Of word 0: one object, without a size. The type and the CPU are free (UntypedOperation.Retype).
    private const ulong PlainMask = 0xffff_ffff_0000_ff00;
    private const ulong Plain = 1ul << 32;
    private const int CpuShift = 16;

    /// <summary>Of word 1, of which the lower half names the table: 0 for the own one.</summary>
    private const int SlotShift = 32;

    /// <summary>The stub has looked at the operation. Words as UntypedOperation.Retype says.</summary>
    [RuntimeExport(EntryPoints.FastRetypeOne)]
    private static Status One(ulong address, Cpu* cpu, Thread* thread, ulong word0, ulong word1)
    {
        ulong count = thread->CapabilityCount;
        ulong index = word1 >> SlotShift;
        if (address >= count || index >= count)
        {
            return FastCalls.Declined;
        }
        if ((word0 & PlainMask) != Plain || (uint)word1 != 0 || index == 0)
        {
            return FastCalls.Declined;
        }
        if (!ClusterLock.TryAcquire())
        {
            return FastCalls.Declined;
        }
        if (!Make(cpu, thread->Capabilities + address, thread->Capabilities + index, (uint)word0))
        {
            ClusterLock.Release();
            return FastCalls.Declined;
        }
        ClusterLock.Release();
        cpu->ShortCalls = cpu->ShortCalls + 1;
        return Status.Ok;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static bool Make(Cpu* cpu, Capability* untyped, Capability* slot, uint request)
    {
        if (request >> CpuShift != cpu->Index || Revocation.IsUnderWay)
        {
            return false;
        }
        if (!slot->IsEmpty || untyped->Type != ObjectType.Untyped || !DerivationTree.HasChildren(untyped))
        {
            return false;
        }
        var type = (ObjectType)(byte)request;
        bool isNotification = type == ObjectType.Notification;
        if (!isNotification && type != ObjectType.Endpoint && type != ObjectType.Reply)
        {
            return false;
        }
        // Of the others no object needs more alignment than the smallest has.
        ulong offset = UntypedMemory.Watermark(untyped);
        ulong bytes = 1ul << Endpoint.SizeBits;
        ulong data = 0;
        if (isNotification)
        {
            data = Capability.UnbadgedBits;
            bytes = 1ul << Notification.SizeBits;
            offset = (offset + bytes - 1) & ~(bytes - 1);
        }
        ulong end = offset + bytes;
        if (end > UntypedMemory.ZeroedTo(untyped))
        {
            return false;
        }
        ulong place = KernelLayout.DirectMap + untyped->PhysicalBase + offset;
        Initialise(type, place, cpu);
        slot->Write(type, UntypedMemory.AllRights, place, data, 0);
        DerivationTree.InsertChild(untyped, slot);
        UntypedMemory.SetWatermark(untyped, end);
        return true;
    }

    /// <summary>The place is zero.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Initialise(ObjectType type, ulong place, Cpu* owner)
    {
        if (type == ObjectType.Endpoint)
        {
            ((Endpoint*)place)->Initialise(owner, EndpointGroups.New());
        }
        else if (type == ObjectType.Notification)
        {
            ((Notification*)place)->Initialise(owner);
        }
        else
        {
            ((Reply*)place)->Initialise(owner->Index);
        }
    }
}
