using System.Runtime.CompilerServices;
using System.Threading;
using Skerry.Kernel.Capabilities;
using Skerry.Kernel.Cluster;
using Skerry.Kernel.Memory;
using Skerry.Kernel.Objects;

namespace Skerry.Kernel.Ipc;

/// <summary>
/// An address space's fault table is two words, its count and its place, which a fault reads one after the other without
/// the lock. So the count says "none" from before the place changes until every CPU that may have read the old count
/// has left the kernel: a fault in between takes the slow path, which waits for the lock and finds the new table.
/// </summary>
internal static unsafe class FaultTables
{
    /// <summary>Whether a table has this slot (FaultTable.SlotFor).</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool Has(AddressSpace* space, uint slot) => slot < AddressSpace.FaultsOf(space)->Count;

    /// <summary>The table, after <see cref="Has"/> and before this CPU leaves the kernel.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Capability* TableOf(AddressSpace* space)
    {
        ReadPoint.Reached(ReadPlace.FaultTableCount);
        return (Capability*)Volatile.Read(ref *(ulong*)&AddressSpace.FaultsOf(space)->Table);
    }

    /// <summary>Where there is none (any more). Under the cluster lock.</summary>
    public static void Set(AddressSpace* space, Capability* table, uint sizeBits)
    {
        AddressSpace.FaultsOf(space)->Table = table;
        Volatile.Write(ref AddressSpace.FaultsOf(space)->Count, 1u << (int)sizeBits);
    }

    /// <summary>Comes back when no CPU uses the table any more. Under the cluster lock.</summary>
    public static void Forget(Cpu* cpu, AddressSpace* space)
    {
        if (AddressSpace.FaultsOf(space)->Count != 0)
        {
            Volatile.Write(ref AddressSpace.FaultsOf(space)->Count, 0u);
            Rendezvous.PassThose(cpu, PageTables.RootOf(space));
            AddressSpace.FaultsOf(space)->Table = null;
        }
    }
}
