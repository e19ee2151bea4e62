namespace Skerry.Abi.Boot;

/// <summary>The kernel half of every address space, the same in each cluster. Bootstrap maps it.</summary>
public static class KernelLayout
{
    /// <summary>All memory of the cluster itself, and none of another's: physical address p is at DirectMap + p.</summary>
    public const ulong DirectMap = 0xffff_8000_0000_0000;

    /// <summary>Where the kernel is linked to (build/link/kernel.ld).</summary>
    public const ulong Image = 0xffff_ffff_8000_0000;

    /// <summary>The local APIC's registers, one page, uncached.</summary>
    public const ulong LocalApic = 0xffff_ffff_c000_0000;

    /// <summary>The registers of the machine's I/O APICs, a page each, uncached: in the boot cluster's kernel only.</summary>
    public const ulong IoApics = LocalApic + 0x1000;

    /// <summary>Kernel stacks: one slot for each CPU; its lowest page is not mapped, the others are.</summary>
    public const ulong Stacks = 0xffff_ffff_d000_0000;
    public const ulong StackSlotSize = 0x8000;

    /// <summary>
    /// With mitigations: what hardware and doors need while user mode's page tables are loaded, mapped in those too. First
    /// the two interrupt descriptor tables, a page each; then a slot for each CPU.
    /// </summary>
    public const ulong InterruptTables = 0xffff_ffff_dfff_e000;

    /// <summary>
    /// A slot's page 0 is the CPU's block and tables. Then five stacks of two pages, each with an unmapped page below: for
    /// user mode's exceptions and interrupts, double fault, NMI, machine check, debug exceptions.
    /// </summary>
    public const ulong CpuSlots = 0xffff_ffff_e000_0000;
    public const ulong CpuSlotSize = 0x1_0000;

    /// <summary>
    /// From the first byte to the last of all memory of one cluster: the links between capabilities are 32 bits in units
    /// of 32 bytes (Capability), and count from a page below the first.
    /// </summary>
    public const ulong LongestOwned = (1ul << 37) - 0x1000;

    public static ulong CpuSlot(uint cpu) => CpuSlots + cpu * CpuSlotSize;

    public static ulong StackTop(uint cpu) => Stacks + (cpu + 1) * StackSlotSize;
}
