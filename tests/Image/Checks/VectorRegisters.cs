using System.Linq;
using Iced.Intel;

namespace Skerry.Tests.Image.Checks;

/// <summary>What an instruction does with the registers that XSAVE saves.</summary>
internal static class VectorRegisters
{
    /// <summary>All sixteen cleared, MXCSR and the x87 control and status words as after reset: a mask by register number.</summary>
    public const uint All = 0x3ffff;

    private const uint ControlAndStatus = 0x10000;
    private const uint X87ControlAndStatus = 0x20000;

    /// <summary>XMM, YMM, ZMM, MMX, x87, or their control words.</summary>
    public static bool AreUsedBy(Instruction instruction)
    {
        if (
            instruction.CpuidFeatures.Contains(CpuidFeature.FPU) || instruction.CpuidFeatures.Contains(CpuidFeature.MMX)
        )
        {
            return true;
        }
        if (instruction.Mnemonic is Mnemonic.Ldmxcsr or Mnemonic.Stmxcsr or Mnemonic.Vldmxcsr or Mnemonic.Vstmxcsr)
        {
            return true;
        }
        return new InstructionInfoFactory()
            .GetInfo(instruction)
            .GetUsedRegisters()
            .Any(used => used.Register.IsVectorRegister() || used.Register.IsMM() || used.Register.IsST());
    }

    /// <summary>From here on the state of the thread is safe.</summary>
    public static bool IsSaved(Instruction instruction) =>
        instruction.Mnemonic
            is Mnemonic.Xsave
                or Mnemonic.Xsave64
                or Mnemonic.Xsaveopt64
                or Mnemonic.Xsavec64
                or Mnemonic.Xsaves64
                or Mnemonic.Fxsave
                or Mnemonic.Fxsave64;

    public static bool IsRestored(Instruction instruction) =>
        instruction.Mnemonic is Mnemonic.Xrstor64 or Mnemonic.Xrstors64 or Mnemonic.Fxrstor64;

    /// <summary>The registers that it leaves as after reset, as a mask.</summary>
    public static uint ClearedBy(Instruction instruction)
    {
        if (instruction.Mnemonic == Mnemonic.Vzeroall)
        {
            return All & ~(ControlAndStatus | X87ControlAndStatus);
        }
        if (instruction.Mnemonic == Mnemonic.Ldmxcsr && instruction.MemorySegment == Register.GS)
        {
            return ControlAndStatus;
        }
        if (instruction.Mnemonic == Mnemonic.Fninit)
        {
            return X87ControlAndStatus;
        }
        bool isClear =
            instruction.Mnemonic is Mnemonic.Pxor or Mnemonic.Xorps
            && instruction.Op1Kind == OpKind.Register
            && instruction.Op0Register == instruction.Op1Register
            && instruction.Op0Register.IsXMM();
        return isClear ? 1u << instruction.Op0Register - Register.XMM0 : 0;
    }
}
