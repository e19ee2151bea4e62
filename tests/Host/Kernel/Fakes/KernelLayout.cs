namespace Skerry.Abi.Boot;

/// <summary>
/// The kernel's layout in a process of the host. Bit 47 of the direct map is clear, so that the sign extension of object
/// addresses gives the addresses that a process has.
/// </summary>
public static class KernelLayout
{
    public const ulong DirectMap = 0x1000_0000_0000;
    public const ulong Stacks = 0x2000_0000_0000;
    public const ulong StackSlotSize = 0x8000;

    // Nobody of the host goes there: they are only entered into page tables.
    public const ulong Image = 0xffff_ffff_8000_0000;
    public const ulong InterruptTables = 0xffff_ffff_dfff_e000;
    public const ulong CpuSlots = 0xffff_ffff_e000_0000;
    public const ulong CpuSlotSize = 0x1_0000;

    public const ulong LongestOwned = (1ul << 37) - 0x1000;

    public static ulong CpuSlot(uint cpu) => CpuSlots + cpu * CpuSlotSize;
}
