using Iced.Intel;
using Skerry.Kernel.Layout;
using static Iced.Intel.AssemblerRegisters;

namespace Skerry.Stubs.Kernel;

/// <summary>Parts that several stubs share.</summary>
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
    /// Vector registers are dead at a system call, but must not show one PD what another computed. Goes on at `done`,
    /// which the caller places behind.
    /// </summary>
    public static void ClearVectorRegisters(Assembler a, Label done)
    {
        Label withoutAvx = a.CreateLabel();
        a.cmp(__byte_ptr.gs[CpuLayout.HasAvx], 0);
        a.je(withoutAvx);
        a.vzeroall();
        a.jmp(done);
        a.Label(ref withoutAvx);
        foreach (AssemblerRegisterXMM register in VectorRegisters)
        {
            a.pxor(register, register);
        }
    }
}
