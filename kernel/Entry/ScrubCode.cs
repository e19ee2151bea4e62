using Iced.Intel;
using Skerry.Kernel.Layout;
using Skerry.Stubs.Assembly;
using static Iced.Intel.AssemblerRegisters;

namespace Skerry.Kernel.Entry;

/// <summary>What must not show one PD what another computed.</summary>
internal static class ScrubCode
{
    private static readonly AssemblerRegisterXMM[] _vectorRegisters =
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
    /// Vector registers are dead at a system call. MXCSR and the x87 control and status words get their values after reset,
    /// so that nobody computes with another's rounding, or takes another's exceptions: an unmasked x87 exception waits for
    /// the next x87 instruction, whoever executes it (Intel SDM vol. 1, 8.6; docs/decisions/0058).
    /// </summary>
    public static void ClearVectorRegisters(SourceAssembler a, DoorVariant variant)
    {
        if (variant.Avx)
        {
            a.vzeroall();
        }
        else
        {
            foreach (AssemblerRegisterXMM register in _vectorRegisters)
            {
                a.pxor(register, register);
            }
        }
        a.ldmxcsr(__dword_ptr.gs[CpuLayout.InitialMxcsr]);
        // One that waits for nothing: what is pending is forgotten.
        a.fninit();
    }

    /// <summary>General registers that no message travels in, where the kernel's own values were.</summary>
    public static void ClearUnused(SourceAssembler a)
    {
        a.xor(edx, edx);
        ClearUnusedButRdx(a);
    }

    /// <summary>Where rdx is 0.</summary>
    public static void ClearUnusedButRdx(SourceAssembler a)
    {
        a.xor(esi, esi);
        a.xor(r8d, r8d);
        a.xor(r9d, r9d);
        a.xor(r10d, r10d);
    }
}
