using System.Numerics;
using Skerry.Abi;
using Skerry.Abi.Boot;
using Skerry.Base.Kernel;

namespace Skerry.Core;

/// <summary>
/// Divides the untyped memory that the kernel hands core: a block for core itself, the rest for everybody. Runs before
/// there is any allocator.
/// </summary>
internal static unsafe class OwnMemory
{
    private const int MaximumPieces = 48;

    /// <summary>What is left, after <see cref="TryTake"/>.</summary>
    public static ref readonly Pieces Rest => ref pieces;

    private static Pieces pieces;

    /// <summary>
    /// Takes <paramref name="wanted"/> bytes, a power of two: it chooses the smallest untyped that is large enough, and
    /// halves it until it is just so large. The other halves' slots follow from <paramref name="firstSlot"/> on; the
    /// answer says how many there are.
    /// </summary>
    /// <returns>False if no untyped is large enough.</returns>
    public static bool TryTake(
        CoreInformation* information,
        ulong wanted,
        CapabilitySlot firstSlot,
        out CapabilitySlot own
    )
    {
        own = default;
        int chosen = Smallest(information, wanted);
        if (chosen < 0)
        {
            return false;
        }
        CapabilitySlot slot = UntypedSlot(chosen);
        PhysicalRange range = information->Untypeds[chosen];
        CapabilitySlot next = firstSlot;
        while (range.Length > wanted)
        {
            range.Length /= 2;
            int bits = BitOperations.Log2(range.Length);
            if (new UntypedCapability(slot).RetypeUntyped(bits, 2, next) != Status.Ok)
            {
                return false;
            }
            pieces.Add(next.Next(), range.Base + range.Length, bits);
            slot = next;
            next = next.Next(2);
        }
        for (int i = 0; i < (int)information->UntypedCount; i++)
        {
            if (i != chosen)
            {
                PhysicalRange other = information->Untypeds[i];
                pieces.Add(UntypedSlot(i), other.Base, BitOperations.Log2(other.Length));
            }
        }
        own = slot;
        return true;
    }

    private static int Smallest(CoreInformation* information, ulong wanted)
    {
        int chosen = -1;
        for (int i = 0; i < (int)information->UntypedCount; i++)
        {
            ulong length = information->Untypeds[i].Length;
            bool better = chosen < 0 || length < information->Untypeds[chosen].Length;
            chosen = length >= wanted && better ? i : chosen;
        }
        return chosen;
    }

    private static CapabilitySlot UntypedSlot(int index) => new((uint)InitialSlot.FirstUntyped + (uint)index);

    /// <summary>Untyped memory that is free as a whole.</summary>
    internal readonly struct Piece(CapabilitySlot slot, ulong physicalBase, int sizeBits)
    {
        public CapabilitySlot Slot { get; } = slot;

        public ulong PhysicalBase { get; } = physicalBase;

        public int SizeBits { get; } = sizeBits;
    }

    internal struct Pieces
    {
        private List _list;

        public int Count { get; private set; }

        public readonly Piece this[int index] => _list[index];

        public void Add(CapabilitySlot slot, ulong physicalBase, int sizeBits) =>
            _list[Count++] = new Piece(slot, physicalBase, sizeBits);

        [System.Runtime.CompilerServices.InlineArray(CoreInformation.MaximumUntypeds + MaximumPieces)]
        private struct List
        {
            private Piece _piece;
        }
    }
}
