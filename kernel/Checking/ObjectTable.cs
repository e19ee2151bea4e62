using System.Runtime.CompilerServices;
using Skerry.Abi;
using Skerry.Kernel.Capabilities;

namespace Skerry.Kernel.Checking;

/// <summary>Where the check found an object standing.</summary>
internal enum Place : byte
{
    Nowhere = 0,
    Current,
    Ready,
    Endpoint,
    Notification,
    Request,
    Refills,
    Signals,
}

/// <summary>An object that the derivation tree knows, and what one run of the check has learned about it.</summary>
internal unsafe struct KnownObject
{
    public ulong Address;

    /// <summary>The first capability to it in the tree.</summary>
    public Capability* First;

    /// <summary>The run of the check that entered it; an older one counts as free.</summary>
    public uint Run;
    public ObjectType Type;
    public Place Place;

    /// <summary>Index of the CPU whose list it stands in.</summary>
    public byte Cpu;
}

/// <summary>
/// The living objects by address: open addressing over a table of fixed size, as the kernel has no heap. Each run of the
/// check begins with an empty one.
/// </summary>
internal static unsafe class ObjectTable
{
    private const int SizeBits = 15;
    private const uint Mask = (1u << SizeBits) - 1;
    private const uint MostObjects = 1u << (SizeBits - 1);

    private static Table entries;
    private static uint run;

    public static uint Count;

    public static void Clear()
    {
        run++;
        Count = 0;
    }

    /// <returns>False if there is no room; `isNew` tells whether it was not there yet.</returns>
    public static bool Add(void* address, ObjectType type, Capability* first, out bool isNew)
    {
        ref KnownObject entry = ref Probe(address);
        isNew = entry.Run != run;
        if (!isNew)
        {
            return true;
        }
        if (Count >= MostObjects)
        {
            return false;
        }
        Count++;
        entry.Address = (ulong)address;
        entry.First = first;
        entry.Run = run;
        entry.Type = type;
        entry.Place = Place.Nowhere;
        entry.Cpu = 0;
        return true;
    }

    public static bool Has(void* address, ObjectType type)
    {
        ref KnownObject entry = ref Probe(address);
        return entry.Run == run && entry.Type == type;
    }

    /// <summary>The entry of an object that <see cref="Has"/> knows.</summary>
    public static ref KnownObject Of(void* address) => ref Probe(address);

    /// <summary>Where the object is, or the first free entry where it would be.</summary>
    private static ref KnownObject Probe(void* address)
    {
        // Objects are 64 bytes at least; the multiplier is 2^32 divided by the golden ratio.
        uint index = (uint)((ulong)address >> 6) * 0x9e37_79b1u >> (32 - SizeBits);
        while (true)
        {
            ref KnownObject entry = ref entries[(int)index];
            if (entry.Run != run || entry.Address == (ulong)address)
            {
                return ref entry;
            }
            index = (index + 1) & Mask;
        }
    }

    [InlineArray(1 << SizeBits)]
    private struct Table
    {
        private KnownObject _object;
    }
}
