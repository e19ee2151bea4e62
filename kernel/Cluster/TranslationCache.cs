using System.Threading;
using Skerry.Kernel.Machine;
using Skerry.Kernel.Memory;
using Skerry.Kernel.Objects;

namespace Skerry.Kernel.Cluster;

/// <summary>
/// Flushes what CPUs have cached of an address space: on exactly the CPUs of the cluster that run it now. A CPU that
/// begins to run it later loads CR3, which flushes (no PCID is used). Under the cluster lock.
/// </summary>
internal static unsafe class TranslationCache
{
    public static void Flush(Cpu* cpu, AddressSpace* space)
    {
        // The entries are changed before anybody is looked at, so that who starts to run it now sees them.
        Interlocked.MemoryBarrier();
        ulong root = PageTables.RootOf(space);
        for (uint i = 0; i < ClusterCpus.Count; i++)
        {
            Cpu* other = ClusterCpus.At(i);
            if (Volatile.Read(ref other->CurrentRoot) != root)
            {
                continue;
            }
            if (other == cpu)
            {
                Hardware.LoadRoot(root);
            }
            else
            {
                Rendezvous.Flush(cpu, other);
            }
        }
    }
}
