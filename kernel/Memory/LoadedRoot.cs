using Skerry.Kernel.Machine;

namespace Skerry.Kernel.Memory;

/// <summary>
/// The root table in CR3. With PCIDs (mitigations) the translations of user mode and those of the kernel have one each,
/// the same for all address spaces: those of user mode are flushed on the next way out.
/// </summary>
/// <remarks>
/// <code>
///   63        62                 12 11      0
///  +---------+---------------------+---------+
///  | noflush |  physical address   |  PCID   |   CR3 (Intel SDM vol. 3A, 2.5 and 4.10.4.1)
///  +---------+---------------------+---------+
/// </code>
/// </remarks>
internal static unsafe class LoadedRoot
{
    private const ulong NoFlush = 1ul << 63;

    /// <summary>PCIDs of the two roots.</summary>
    private const ulong KernelContext = 1;
    private const ulong UserContext = 2;

    /// <summary>For the mitigated doors, of one CPU.</summary>
    public static void Initialise(ref Cpu.MitigationState state, bool hasContexts)
    {
        state.NoFlush = hasContexts ? (byte)(NoFlush >> 56) : (byte)0;
        state.KernelRoot = PageTables.KernelRoot | (hasContexts ? KernelContext | NoFlush : 0);
        state.UserRootBits = PageTables.UserRootOffset | (hasContexts ? UserContext : 0);
    }

    /// <summary>
    /// Loads the own CPU's CurrentRoot, or with mitigations, where user mode's comes on the way out, the kernel's; nothing that
    /// was cached of any user memory remains.
    /// </summary>
    public static void Load(Cpu* cpu)
    {
        FlushUserMode(cpu);
        ulong kernelRoot = cpu->Mitigations.KernelRoot & ~NoFlush;
        Hardware.LoadRoot(kernelRoot != 0 ? kernelRoot : cpu->CurrentRoot);
    }

    /// <summary>One page of the own CPU's current address space.</summary>
    public static void InvalidatePage(Cpu* cpu, ulong address)
    {
        FlushUserMode(cpu);
        Hardware.InvalidatePage(address);
    }

    private static void FlushUserMode(Cpu* cpu) => cpu->Mitigations.UserRootBits &= ~NoFlush;
}
