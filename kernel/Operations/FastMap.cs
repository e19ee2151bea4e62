using System.Runtime;
using Skerry.Abi;
using Skerry.Kernel.Capabilities;
using Skerry.Kernel.Cluster;
using Skerry.Kernel.Layout;
using Skerry.Kernel.Memory;
using Skerry.Kernel.Objects;

namespace Skerry.Kernel.Operations;

/// <summary>Frame.Map of one page of 4 KiB in the plain case, without the way through the thread object.</summary>
internal static unsafe class FastMap
{
    private const ulong FrameType = (ulong)ObjectType.Frame << Capability.TypeShift;
    private const ulong SpaceType = (ulong)ObjectType.AddressSpace << Capability.TypeShift;

    /// <summary>The stub has looked at the operation and that one page is asked for. Both slots lie in the own table.</summary>
    [RuntimeExport(EntryPoints.FastMapMap)]
    private static Status Map(
        ulong address,
        Cpu* cpu,
        Thread* thread,
        ulong spaceAndAttributes,
        ulong page,
        ulong offset
    )
    {
        ulong count = thread->CapabilityCount;
        ulong spaceSlot = (uint)spaceAndAttributes;
        if (address >= count || spaceSlot >= count || !ClusterLock.TryAcquire())
        {
            return FastCalls.Declined;
        }
        Capability* frame = thread->Capabilities + address;
        ulong space = thread->Capabilities[spaceSlot].Word;
        if ((frame->Word & Capability.TypeField) != FrameType || (space & Capability.TypeField) != SpaceType)
        {
            ClusterLock.Release();
            return FastCalls.Declined;
        }
        var target = (AddressSpace*)Capability.ObjectOf(space);
        if (!Mapping.MapOne(frame, target, spaceAndAttributes >> 32, page, offset))
        {
            ClusterLock.Release();
            return FastCalls.Declined;
        }
        ClusterLock.Release();
        cpu->ShortCalls = cpu->ShortCalls + 1;
        return Status.Ok;
    }
}
