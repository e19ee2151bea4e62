using Iced.Intel;
using Skerry.Kernel.Layout;
using static Iced.Intel.AssemblerRegisters;

namespace Skerry.Stubs.Kernel;

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
    public static void ClearVectorRegisters(Assembler a, bool withAvx)
    {
        if (withAvx)
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

    /// <summary>For code that serves both kinds of processor.</summary>
    public static void ClearVectorRegisters(Assembler a)
    {
        Label withoutAvx = a.CreateLabel();
        Label done = a.CreateLabel();
        a.cmp(__byte_ptr.gs[CpuLayout.HasAvx], 0);
        a.je(withoutAvx);
        ClearVectorRegisters(a, withAvx: true);
        a.jmp(done);
        a.Label(ref withoutAvx);
        ClearVectorRegisters(a, withAvx: false);
        a.Label(ref done);
    }

    /// <summary>General registers that no message travels in, where the kernel's own values were.</summary>
    public static void ClearUnused(Assembler a)
    {
        a.xor(edx, edx);
        a.xor(esi, esi);
        a.xor(r8d, r8d);
        a.xor(r9d, r9d);
        a.xor(r10d, r10d);
    }
}
