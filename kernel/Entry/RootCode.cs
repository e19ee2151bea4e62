using Iced.Intel;
using Skerry.Kernel.Layout;
using Skerry.Stubs.Assembly;
using static Iced.Intel.AssemblerRegisters;

namespace Skerry.Kernel.Entry;

/// <summary>
/// The two root tables of an address space: with mitigations, user mode runs on one that maps of the kernel the doors
/// alone (kernel/Memory/EntryTables). Of the plain sets these are no instructions.
/// </summary>
/// <remarks>
/// The kernel runs on its own root, which maps no user memory, so that its CR3 is one word that never changes and is loaded
/// without a flush. CR3 in user mode is the current address space's root with a CPU's bits (Cpu.MitigationState): the second
/// of its two, the PCID, and bit 63, which says that nothing is to be flushed. Whoever wants a flush clears that bit in the
/// CPU's block, and it is set again after it was used.
/// </remarks>
internal static class RootCode
{
    /// <summary>Bit 63 of CR3 and of the words it is made from (Intel SDM vol. 3A, 4.10.4.1) lies in this byte.</summary>
    private const int LastByte = 7;
    private const byte NoFlushBit = 63;

    /// <summary>At a door, before anything but the CPU's block and the entry stack is touched.</summary>
    public static void EnterKernel(SourceAssembler a, DoorVariant variant, AssemblerRegister64 register)
    {
        if (variant.Mitigated)
        {
            a.mov(register, __qword_ptr.gs[CpuLayout.KernelRoot]);
            a.mov(cr3, register);
        }
    }

    /// <summary>Nothing but the CPU's block and the entry stack may be touched behind this.</summary>
    public static void LeaveKernel(
        SourceAssembler a,
        DoorVariant variant,
        AssemblerRegister64 register,
        AssemblerRegister8 itsLowByte
    )
    {
        if (variant.Mitigated)
        {
            a.mov(register, __qword_ptr.gs[CpuLayout.CurrentRoot]);
            a.or(register, __qword_ptr.gs[CpuLayout.UserRootBits]);
            a.mov(cr3, register);
            a.mov(itsLowByte, __byte_ptr.gs[CpuLayout.NoFlush]);
            a.mov(__byte_ptr.gs[CpuLayout.UserRootBits + LastByte], itsLowByte);
        }
    }

    /// <summary>
    /// The same where r11 is the root, and not that of the last time: what user mode's PCID holds is flushed, and a flush that
    /// is due stays so.
    /// </summary>
    public static void LeaveKernelToOther(SourceAssembler a)
    {
        a.or(r11, __qword_ptr.gs[CpuLayout.UserRootBits]);
        a.btr(r11, NoFlushBit);
        a.mov(cr3, r11);
    }

    /// <summary>
    /// rcx, the root of another address space, becomes the current one: what user mode's PCID holds of the last is flushed
    /// when it is loaded next.
    /// </summary>
    public static void ChangeCurrent(SourceAssembler a)
    {
        a.mov(__qword_ptr.gs[CpuLayout.CurrentRoot], rcx);
        a.mov(__byte_ptr.gs[CpuLayout.UserRootBits + LastByte], 0);
    }
}
