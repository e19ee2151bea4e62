using System.Numerics;
using Skerry.Abi;
using Skerry.Abi.Boot;
using Skerry.Kernel.Capabilities;

namespace Skerry.Kernel.Startup;

/// <summary>Cuts what is free into naturally aligned powers of two, the largest that fit, and hands them to core.</summary>
internal static unsafe class InitialUntyped
{
    private const int SmallestBits = 12;

    public static uint Make(Capability* table, Capability* root, CoreInformation* facts)
    {
        RangeList free = BootMemory.Rest();
        uint count = 0;
        for (int i = 0; i < free.Count; i++)
        {
            ulong start = free.Ranges[i].Base;
            ulong end = start + free.Ranges[i].Length;
            while (end - start >= 1ul << SmallestBits && start < end && count < CoreInformation.MaximumUntypeds)
            {
                int alignment = BitOperations.TrailingZeroCount(start);
                int size = BitOperations.Log2(end - start);
                int bits = alignment < size ? alignment : size;
                Zero(start, 1ul << bits);
                InitialComponent.PutAt(
                    table + (uint)InitialSlot.FirstUntyped + count,
                    ObjectType.Untyped,
                    start,
                    0,
                    (uint)bits
                );
                facts->Untypeds[(int)count].Base = start;
                facts->Untypeds[(int)count].Length = 1ul << bits;
                count++;
                start += 1ul << bits;
            }
        }
        return count;
    }

    // What lies above an untyped's watermark is always zero; what bootstrap left there is not.
    private static void Zero(ulong start, ulong bytes)
    {
        var words = (ulong*)(KernelLayout.DirectMap + start);
        for (ulong i = 0; i < bytes / 8; i++)
        {
            words[i] = 0;
        }
    }
}
