using System.Runtime.CompilerServices;
using Skerry.Kernel.Objects;

namespace Skerry.Kernel.Memory;

/// <summary>
/// Numbers of address spaces. Capabilities of frames and page tables record where they are mapped by number, because
/// the address space may go first: a number is found only as long as its address space lives. Under the cluster lock.
/// </summary>
/// <remarks>An identifier is an index (11 bits) and, above it, how often the entry was used before (8 bits).</remarks>
internal static unsafe class AddressSpaces
{
    /// <summary>Address spaces that one cluster can have at a time.</summary>
    public const int Maximum = 1 << IndexBits;

    /// <summary>As many as a capability's record of where it is mapped has room for.</summary>
    public const int IdentifierBits = 19;

    private const int IndexBits = 11;
    private const uint GenerationMask = (1u << (IdentifierBits - IndexBits)) - 1;

    private static Table entries;
    private static uint used;
    private static uint nextIndex;

    public static uint Free => Maximum - 1 - used;

    public static void Register(AddressSpace* space)
    {
        // Entry 0 stays empty, so that no identifier is 0.
        do
        {
            nextIndex = (nextIndex + 1) & (Maximum - 1);
        } while (nextIndex == 0 || entries[(int)nextIndex].Space != null);
        ref Entry entry = ref entries[(int)nextIndex];
        entry.Space = space;
        entry.Generation = (entry.Generation + 1) & GenerationMask;
        space->Identifier = nextIndex | (entry.Generation << IndexBits);
        AddressSpace.MappingOf(space)->ForgetWalk();
        used++;
    }

    public static void Unregister(AddressSpace* space)
    {
        entries[(int)(space->Identifier & (Maximum - 1))].Space = null;
        used--;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static AddressSpace* Find(uint identifier)
    {
        ref Entry entry = ref entries[(int)(identifier & (Maximum - 1))];
        return entry.Space != null && entry.Space->Identifier == identifier ? entry.Space : null;
    }

    private struct Entry
    {
        public AddressSpace* Space;
        public uint Generation;
    }

    [InlineArray(Maximum)]
    private struct Table
    {
        private Entry _entry;
    }
}
