using Skerry.Abi;
using Skerry.Abi.Boot;
using Skerry.Kernel.Panic;

namespace Skerry.Kernel.Startup;

/// <summary>
/// Memory for what exists before there is untyped memory: the CPUs' blocks and core's first objects. Taken from the end
/// of the cluster's largest free range; what is left of all ranges becomes untyped.
/// </summary>
internal static unsafe class BootMemory
{
    private static RangeList free;
    private static int largest;

    /// <summary>Bytes taken, which count as frames of this cluster.</summary>
    public static ulong Taken;

    public static void Initialise(ref RangeList ranges)
    {
        free = ranges;
        for (int i = 1; i < free.Count; i++)
        {
            if (free.Ranges[i].Length > free.Ranges[largest].Length)
            {
                largest = i;
            }
        }
    }

    /// <summary>Zeroed, aligned, in the direct map.</summary>
    public static void* Take(ulong bytes, ulong alignment)
    {
        ref PhysicalRange range = ref free.Ranges[largest];
        ulong end = range.Base + range.Length;
        ulong start = (end - bytes) & ~(alignment - 1);
        if (bytes > range.Length || start < range.Base)
        {
            KernelPanic.OnStartup("the cluster's memory is too small for its first objects");
        }
        Taken += end - start;
        range.Length = start - range.Base;
        byte* memory = (byte*)(KernelLayout.DirectMap + start);
        for (ulong i = 0; i < bytes; i += 8)
        {
            *(ulong*)(memory + i) = 0;
        }
        return memory;
    }

    /// <summary>What is left, in whole pages.</summary>
    public static RangeList Rest()
    {
        RangeList rest = free;
        rest.Ranges[largest].Length &= ~(UserLayout.PageSize - 1);
        return rest;
    }
}
