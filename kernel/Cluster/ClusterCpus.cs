using System.Runtime.CompilerServices;
using Skerry.Abi.Boot;

namespace Skerry.Kernel.Cluster;

/// <summary>The CPUs of this cluster. Written once, before any of them enters user mode.</summary>
internal static unsafe class ClusterCpus
{
    private static Table cpus;

    public static uint Count;

    /// <summary>Whether there is anybody to lock against.</summary>
    public static bool IsSingle => Count == 1;

    public static Cpu* At(uint index) => (Cpu*)cpus[(int)index];

    /// <summary>The calling CPU, found by where its stack lies; null before it is set up.</summary>
    public static Cpu* Own()
    {
        ulong marker = 0;
        ulong slot = ((ulong)&marker - KernelLayout.Stacks) / KernelLayout.StackSlotSize;
        return slot < Count ? At((uint)slot) : null;
    }

    public static void Set(uint index, Cpu* cpu) => cpus[(int)index] = (ulong)cpu;

    [InlineArray(BootInformation.MaximumCpus)]
    private struct Table
    {
        private ulong _cpu;
    }
}
