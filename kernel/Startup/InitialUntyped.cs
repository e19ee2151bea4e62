using System.Numerics;
using Skerry.Abi;
using Skerry.Abi.Boot;
using Skerry.Kernel.Capabilities;

namespace Skerry.Kernel.Startup;

/// <summary>
/// Cuts what is free into naturally aligned powers of two, the largest that fit, and hands them to core, the largest first:
/// if there are more than core can be told of, little is lost. Nothing is zeroed here, and so nothing touched: memory is
/// zeroed when something is made of it (UntypedMemory).
/// </summary>
internal static unsafe class InitialUntyped
{
    private const int SmallestBits = 12;
    private const int LargestBits = 46;

    /// <summary>Notes in the facts how many there are, and the bytes that core gets no capability to.</summary>
    public static void Make(RangeList free, Capability* table, Capability* root, CoreInformation* facts)
    {
        for (int bits = LargestBits; bits >= SmallestBits; bits--)
        {
            for (int i = 0; i < free.Count; i++)
            {
                GiveOfSize(bits, free.Ranges[i], table, root, facts);
            }
        }
    }

    private static void GiveOfSize(
        int bits,
        PhysicalRange range,
        Capability* table,
        Capability* root,
        CoreInformation* facts
    )
    {
        ulong start = range.Base;
        ulong end = start + range.Length;
        while (end - start >= 1ul << SmallestBits)
        {
            int largest = LargestAt(start, end);
            if (largest == bits)
            {
                Give(start, bits, table, root, facts);
            }
            start += 1ul << largest;
        }
    }

    private static int LargestAt(ulong start, ulong end)
    {
        int alignment = BitOperations.TrailingZeroCount(start);
        int size = BitOperations.Log2(end - start);
        return alignment < size ? alignment : size;
    }

    private static void Give(ulong start, int bits, Capability* table, Capability* root, CoreInformation* facts)
    {
        uint count = facts->UntypedCount;
        if (count == CoreInformation.MaximumUntypeds)
        {
            facts->WithheldBytes += 1ul << bits;
            return;
        }
        Capability* slot = table + (uint)InitialSlot.FirstUntyped + count;
        slot->Write(ObjectType.Untyped, UntypedMemory.AllRights, start, 0, (uint)bits);
        DerivationTree.InsertChild(root, slot);
        facts->Untypeds[(int)count] = new PhysicalRange { Base = start, Length = 1ul << bits };
        facts->UntypedCount = count + 1;
    }
}
