using Skerry.Abi;
using Skerry.Base.Kernel;

namespace Skerry.Apps.KernelTests;

/// <summary>
/// Address spaces are bounded by memory and by nothing else: 32 MiB give 2,048 of them. On one CPU, as their end asks every
/// other one.
/// </summary>
internal static unsafe class SpaceNumberTests
{
    private const int Bits = 25;
    private const uint Spaces = 1u << (Bits - 14);

    public static bool Run()
    {
        if (Workshop.Facts->CpuCount > 1 || !FindUnused(out UntypedCapability memory))
        {
            return true;
        }
        CapabilitySlot slots = Workshop.Slots(Spaces);
        uint made = 0;
        Status status = Status.Ok;
        while (made < Spaces && status == Status.Ok)
        {
            var first = new CapabilitySlot(slots.Value + made);
            status = memory.Retype(
                ObjectType.AddressSpace,
                0,
                0,
                CallLimits.AddressSpaces,
                CapTableCapability.Own,
                first,
                0
            );
            made += status == Status.Ok ? CallLimits.AddressSpaces : 0;
        }
        Workshop.Must(CapTableCapability.Own.Revoke(memory.Slot));
        Console.Test("spaces-by-memory"u8, made == Spaces, "address spaces"u8, made);
        return made == Spaces;
    }

    /// <summary>An initial untyped of that size of which the other tests have nothing.</summary>
    private static bool FindUnused(out UntypedCapability memory)
    {
        for (uint i = 0; i < Workshop.Facts->UntypedCount; i++)
        {
            memory = new UntypedCapability(new CapabilitySlot((uint)InitialSlot.FirstUntyped + i));
            if (memory.Query(out _, out int bits, out ulong used) == Status.Ok && bits == Bits && used == 0)
            {
                return true;
            }
        }
        memory = default;
        return false;
    }
}
