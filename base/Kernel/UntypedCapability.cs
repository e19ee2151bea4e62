using Skerry.Abi;

namespace Skerry.Base.Kernel;

/// <summary>Memory that kernel objects are made of: a naturally aligned power of two.</summary>
public readonly struct UntypedCapability(CapabilitySlot slot) : ITypedCapability<UntypedCapability>
{
    private const int SizeShift = 8;
    private const int CpuShift = 16;

    public CapabilitySlot Slot { get; } = slot;

    public Capability Capability => Capability.In(Slot);

    public static UntypedCapability FromCapability(Capability capability) => new(capability.Slot);

    /// <summary>
    /// Make <paramref name="count"/> objects and put their capabilities into consecutive empty slots.
    /// </summary>
    /// <param name="type">What to make.</param>
    /// <param name="sizeBits">log2 bytes of an Untyped, log2 slots of a CapTable, 0 for the others.</param>
    /// <param name="cpu">By index in the cluster: who owns a Thread, SchedContext, Endpoint or Notification.</param>
    /// <param name="count">At least 1.</param>
    /// <param name="table">The table that receives the capabilities.</param>
    /// <param name="first">The first slot in it.</param>
    /// <param name="pages">4 KiB pages of each Frame, 0 for the others.</param>
    public Status Retype(
        ObjectType type,
        int sizeBits,
        uint cpu,
        uint count,
        CapTableCapability table,
        CapabilitySlot first,
        ulong pages
    ) =>
        Invocation.Invoke(
            Slot,
            (ulong)UntypedOperation.Retype,
            Invocation.Pack((uint)type | ((uint)sizeBits << SizeShift) | (cpu << CpuShift), count),
            Invocation.Pack(table.AsArgument, first.Value),
            pages
        );

    /// <summary>One object without a size of its own: a Thread, Endpoint, Reply, PageTable, AddressSpace and so on.</summary>
    public Status RetypeObject(ObjectType type, uint cpu, CapabilitySlot destination) =>
        Retype(type, 0, cpu, 1, CapTableCapability.Own, destination, 0);

    /// <summary>One Frame of this many pages.</summary>
    public Status RetypeFrame(ulong pages, CapabilitySlot destination) =>
        Retype(ObjectType.Frame, 0, 0, 1, CapTableCapability.Own, destination, pages);

    /// <summary>Blocks of 2^<paramref name="sizeBits"/> bytes.</summary>
    public Status RetypeUntyped(int sizeBits, uint count, CapabilitySlot first) =>
        Retype(ObjectType.Untyped, sizeBits, 0, count, CapTableCapability.Own, first, 0);

    /// <summary>A capability table of 2^<paramref name="sizeBits"/> slots.</summary>
    public Status RetypeCapTable(int sizeBits, CapabilitySlot destination) =>
        Retype(ObjectType.CapTable, sizeBits, 0, 1, CapTableCapability.Own, destination, 0);

    /// <summary>Zeroes up to this many bytes from the start, but for what is in use, so that the next retype need not.</summary>
    public Status Zero(ulong bytes) => Invocation.Invoke(Slot, (ulong)UntypedOperation.Zero, bytes);

    /// <summary>Begin anew, as the next retype would; HasChildren while there is anything made of it.</summary>
    public Status Reset() => Invocation.Invoke(Slot, (ulong)UntypedOperation.Reset);

    /// <summary>Where the memory lies, how much it is (log2 of bytes), and how many bytes are in use.</summary>
    public Status Query(out ulong physicalAddress, out int sizeBits, out ulong usedBytes)
    {
        Status status = Invocation.Invoke(Slot, (ulong)UntypedOperation.Query, 0, 0, 0, 0, out InvocationResult result);
        physicalAddress = result.Word0;
        sizeBits = (int)result.Word1;
        usedBytes = result.Word2;
        return status;
    }
}
