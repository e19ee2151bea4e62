using Skerry.Abi;

namespace Skerry.Base.Memory;

/// <summary>What to make out of untyped memory.</summary>
public readonly struct ObjectRequest
{
    private ObjectRequest(ObjectType type, int sizeBits, uint cpu, ulong pages)
    {
        Type = type;
        SizeBits = sizeBits;
        Cpu = cpu;
        Pages = pages;
    }

    public ObjectType Type { get; }

    /// <summary>log2 bytes of an Untyped, log2 slots of a CapTable.</summary>
    public int SizeBits { get; }

    /// <summary>The CPU that owns the object, by index in the cluster.</summary>
    public uint Cpu { get; }

    /// <summary>Pages of a Frame.</summary>
    public ulong Pages { get; }

    public static ObjectRequest Untyped(int sizeBits) => new(ObjectType.Untyped, sizeBits, 0, 0);

    public static ObjectRequest CapTable(int sizeBits) => new(ObjectType.CapTable, sizeBits, 0, 0);

    public static ObjectRequest Frame(ulong pages) => new(ObjectType.Frame, 0, 0, pages);

    /// <summary>An object of fixed size that no CPU owns: AddressSpace, PageTable, Reply.</summary>
    public static ObjectRequest Of(ObjectType type) => new(type, 0, 0, 0);

    /// <summary>An object that a CPU owns: Thread, SchedContext, Endpoint, Notification.</summary>
    public static ObjectRequest OnCpu(ObjectType type, uint cpu) => new(type, 0, cpu, 0);
}
