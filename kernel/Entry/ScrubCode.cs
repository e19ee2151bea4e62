using Iced.Intel;
using Skerry.Kernel.Layout;
using Skerry.Stubs.Assembly;
using static Iced.Intel.AssemblerRegisters;

namespace Skerry.Kernel.Entry;

/// <summary>What must not show one PD what another computed.</summary>
internal static class ScrubCode
{
    private static readonly AssemblerRegisterXMM[] VectorRegisters =
    [
        xmm0,
        xmm1,
        xmm2,
        xmm3,
        xmm4,
        xmm5,
        xmm6,
        xmm7,
        xmm8,
        xmm9,
        xmm10,
        xmm11,
        xmm12,
        xmm13,
        xmm14,
        xmm15,
    ];

    /// <summary>
    /// Vector registers are dead at a system call. MXCSR gets its value after reset, so that nobody computes with
    /// another's rounding, or sees another's exceptions.
    /// </summary>
    public static void ClearVectorRegisters(SourceAssembler a, DoorVariant variant)
    {
        if (variant.Avx)
        {
            a.vzeroall();
        }
        else
        {
            foreach (AssemblerRegisterXMM register in VectorRegisters)
            {
                a.pxor(register, register);
            }
        }
        a.ldmxcsr(__dword_ptr.gs[CpuLayout.InitialMxcsr]);
    }

    /// <summary>General registers that no message travels in, where the kernel's own values were.</summary>
    public static void ClearUnused(SourceAssembler a)
    {
        a.xor(edx, edx);
        a.xor(esi, esi);
        a.xor(r8d, r8d);
        a.xor(r9d, r9d);
        a.xor(r10d, r10d);
    }
}
