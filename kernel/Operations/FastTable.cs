using System.Runtime;
using System.Runtime.CompilerServices;
using System.Threading;
using Skerry.Abi;
using Skerry.Kernel.Capabilities;
using Skerry.Kernel.Cluster;
using Skerry.Kernel.Layout;
using Skerry.Kernel.Objects;

namespace Skerry.Kernel.Operations;

/// <summary>
/// CapTable.Copy within the own table, Delete of a capability whose object stays or is an idle endpoint, and Revoke
/// where one such was derived at most: without the way through the thread object and the scheduler.
/// </summary>
internal static unsafe class FastTable
{
    /// <summary>The stub has looked at the operation, and that the source's table is the own one. Words as CapTableOperation says.</summary>
    [RuntimeExport(EntryPoints.FastTableTryCopy)]
    private static Status TryCopy(ulong address, Cpu* cpu, Thread* thread, ulong word0, ulong word1)
    {
        if (address >= thread->CapabilityCount || word0 >> 32 != 0 || !ClusterLock.TryAcquire())
        {
            return FastCalls.Declined;
        }
        Capability* table = thread->Capabilities + address;
        bool isPlain = table->Type == ObjectType.CapTable && !Revocation.IsUnderWay;
        Capability* slot = isPlain ? Lookup.SlotOf(table, (uint)word0) : null;
        bool isDone = slot != null && Copy(thread, slot, word1);
        ClusterLock.Release();
        if (!isDone)
        {
            return FastCalls.Declined;
        }
        cpu->ShortCalls = cpu->ShortCalls + 1;
        return Status.Ok;
    }

    /// <summary>The stub has looked at the operation. Words as CapTableOperation says.</summary>
    [RuntimeExport(EntryPoints.FastTableTryDelete)]
    private static Status TryDelete(ulong address, Cpu* cpu, Thread* thread, ulong word0)
    {
        if (address >= thread->CapabilityCount || !ClusterLock.TryAcquire())
        {
            return FastCalls.Declined;
        }
        Capability* table = thread->Capabilities + address;
        Capability* slot = table->Type == ObjectType.CapTable ? Lookup.SlotOf(table, (uint)word0) : null;
        bool isDone = slot != null && Delete(cpu, slot);
        ClusterLock.Release();
        return isDone ? Status.Ok : FastCalls.Declined;
    }

    /// <summary>The stub has looked at the operation. Words as CapTableOperation says.</summary>
    [RuntimeExport(EntryPoints.FastTableTryRevoke)]
    private static Status TryRevoke(ulong address, Cpu* cpu, Thread* thread, ulong word0)
    {
        if (address >= thread->CapabilityCount || !ClusterLock.TryAcquire())
        {
            return FastCalls.Declined;
        }
        Capability* table = thread->Capabilities + address;
        Capability* slot = table->Type == ObjectType.CapTable ? Lookup.SlotOf(table, (uint)word0) : null;
        bool isDone = slot != null && Revoke(thread, slot);
        ClusterLock.Release();
        if (!isDone)
        {
            return FastCalls.Declined;
        }
        cpu->ShortCalls = cpu->ShortCalls + 1;
        return Status.Ok;
    }

    /// <summary>A revoke that has given way is not for here, nor one that puts a table aside.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static bool Revoke(Thread* thread, Capability* slot)
    {
        if (slot->IsEmpty || slot->Type == Capability.Dying)
        {
            return false;
        }
        if (Revocation.IsUnderWay || !thread->MadeAgain.IsNothing)
        {
            return false;
        }
        if (!DerivationTree.HasChildren(slot))
        {
            return true;
        }
        Capability* child = slot->LastChild;
        if (!child->IsOnly || DerivationTree.HasChildren(child) || !EndsAlone(child))
        {
            return false;
        }
        Deletion.DropOneOfMany(child);
        return true;
    }

    /// <summary>Nothing but the capability goes with it; of a frame, no page is mapped by it.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static bool EndsAlone(Capability* slot)
    {
        bool isPlain = slot->Type == ObjectType.Frame ? slot->MappedIn == null : Deletion.IsOneOfMany(slot);
        return isPlain && slot->Binding == BindingKind.None;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static bool Delete(Cpu* cpu, Capability* slot)
    {
        if (!Deletion.IsOneOfMany(slot) && !EndIdleEndpoint(cpu, slot))
        {
            return false;
        }
        // Before the call that follows, so that the CPU's block need not be kept across it.
        cpu->ShortCalls = cpu->ShortCalls + 1;
        Deletion.DropOneOfMany(slot);
        return true;
    }

    /// <summary>
    /// An endpoint of this CPU where nobody waits ends by saying so. No other CPU may have handed over a thread that wants
    /// something of it and has not been served.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static bool EndIdleEndpoint(Cpu* cpu, Capability* slot)
    {
        var endpoint = (Endpoint*)slot->Object;
        if (
            slot->Type != ObjectType.Endpoint
            || endpoint->Word != (ulong)cpu + (ulong)EndpointState.Idle
            || Volatile.Read(ref cpu->Shared.RequestHead) != 0
        )
        {
            return false;
        }
        endpoint->Word = (ulong)cpu + (ulong)EndpointState.Dead;
        return true;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static bool Copy(Thread* thread, Capability* destination, ulong sourceAndRights)
    {
        Capability* source = Lookup.OwnSlot(thread, (uint)sourceAndRights);
        return source != null
            && destination->IsEmpty
            && Copying.Derive(source, destination, (byte)(sourceAndRights >> 32), 0) == Status.Ok;
    }
}
