using System.Threading;
using Skerry.Abi;
using Skerry.Kernel.Memory;
using Skerry.Kernel.Objects;

namespace Skerry.Kernel.Cluster;

/// <summary>
/// Flushes what CPUs have cached of an address space: on exactly the CPUs of the cluster that run it now. A CPU that
/// begins to run it later loads CR3, which flushes: PCIDs only tell user mode from the kernel (LoadedRoot). Under the cluster lock.
/// </summary>
internal static unsafe class TranslationCache
{
    /// <summary>More pages than this cost more one by one than what the flush of all of them loses.</summary>
    private const ulong FewPages = 8;

    /// <summary>All of the address space: a table has gone, or many pages.</summary>
    public static void Flush(Cpu* cpu, AddressSpace* space) => FlushPages(cpu, space, 0, ulong.MaxValue, 0);

    /// <summary>Pages of one size, whose entries have changed; a larger one goes with any address in it.</summary>
    public static void FlushPages(Cpu* cpu, AddressSpace* space, ulong address, ulong pages, ulong pageBytes)
    {
        ulong root = PageTables.RootOf(space);
        if (ClusterCpus.IsSingle)
        {
            if (cpu->CurrentRoot == root)
            {
                FlushOwn(cpu, address, pages, pageBytes);
            }
            return;
        }
        // The entries are changed before anybody is looked at, so that who starts to run it now sees them.
        Interlocked.MemoryBarrier();
        bool asked = false;
        for (uint i = 0; i < ClusterCpus.Count; i++)
        {
            Cpu* other = ClusterCpus.At(i);
            if (Volatile.Read(ref other->CurrentRoot) != root)
            {
                continue;
            }
            if (other == cpu)
            {
                FlushOwn(cpu, address, pages, pageBytes);
            }
            else
            {
                Rendezvous.AskFlush(cpu, other);
                asked = true;
            }
        }
        if (asked)
        {
            Rendezvous.AwaitFlushes();
        }
    }

    private static void FlushOwn(Cpu* cpu, ulong address, ulong pages, ulong pageBytes)
    {
        cpu->Count(CpuCounter.FlushesDone);
        if (pages > FewPages)
        {
            LoadedRoot.Load(cpu);
            return;
        }
        for (ulong i = 0; i < pages; i++)
        {
            LoadedRoot.InvalidatePage(cpu, address + i * pageBytes);
        }
    }
}
