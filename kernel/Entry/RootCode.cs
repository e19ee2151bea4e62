using Iced.Intel;
using Skerry.Kernel.Layout;
using Skerry.Stubs.Assembly;
using static Iced.Intel.AssemblerRegisters;

namespace Skerry.Kernel.Entry;

/// <summary>
/// The two root tables of an address space: with mitigations, user mode runs on one that maps of the kernel the doors
/// alone (kernel/Startup/EntryTables). Of the plain sets these are no instructions.
/// </summary>
/// <remarks>
/// CR3 is the current address space's kernel root with a CPU's bits for either (Cpu.MitigationState): which of the two
/// roots, the PCID, and bit 63, which says that nothing is to be flushed. Whoever wants a flush clears that bit in the
/// CPU's block, and it is set again after it was used.
/// </remarks>
internal static class RootCode
{
    /// <summary>Bit 63 of CR3 and of the words it is made from (Intel SDM vol. 3A, 4.10.4.1) lies in this byte.</summary>
    private const int LastByte = 7;

    /// <summary>At a door, before anything but the CPU's block and the entry stack is touched.</summary>
    public static void EnterKernel(
        SourceAssembler a,
        DoorVariant variant,
        AssemblerRegister64 register,
        AssemblerRegister8 itsLowByte
    )
    {
        if (variant.Mitigated)
        {
            Load(a, CpuLayout.KernelRootBits, register, itsLowByte);
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
            Load(a, CpuLayout.UserRootBits, register, itsLowByte);
        }
    }

    /// <summary>
    /// rcx, the root of another address space, becomes the current one: what either PCID holds of the last is flushed when
    /// it is loaded next. The kernel goes on with the last one's root, whose kernel half is the same.
    /// </summary>
    public static void ChangeCurrent(SourceAssembler a)
    {
        a.mov(__qword_ptr.gs[CpuLayout.CurrentRoot], rcx);
        a.mov(__byte_ptr.gs[CpuLayout.KernelRootBits + LastByte], 0);
        a.mov(__byte_ptr.gs[CpuLayout.UserRootBits + LastByte], 0);
    }

    private static void Load(SourceAssembler a, int bits, AssemblerRegister64 register, AssemblerRegister8 itsLowByte)
    {
        a.mov(register, __qword_ptr.gs[CpuLayout.CurrentRoot]);
        a.or(register, __qword_ptr.gs[bits]);
        a.mov(cr3, register);
        a.mov(itsLowByte, __byte_ptr.gs[CpuLayout.NoFlush]);
        a.mov(__byte_ptr.gs[bits + LastByte], itsLowByte);
    }
}
