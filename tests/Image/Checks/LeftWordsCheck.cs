using System.Collections.Generic;
using System.Linq;
using Iced.Intel;
using Skerry.Kernel.Layout;
using Skerry.Tests.Image.Code;

namespace Skerry.Tests.Image.Checks;

/// <summary>
/// A door that puts a register of a thread into the CPU's block, or runs on the entry stack, leaves words that another PD's
/// root maps: in the same function it sets the byte that has them cleared (BarrierCode.LeavesWords).
/// </summary>
internal static class LeftWordsCheck
{
    public static IReadOnlyList<Finding> Run(IEnumerable<Routine> doors) =>
        (
            from door in doors
            where !door.Instructions.Any(SaysSo)
            from instruction in door.Instructions
            where
                Writes(instruction, CpuLayout.Scratch) && instruction.Op1Kind == OpKind.Register
                || UsesEntryStack(instruction)
            select door.Finding(instruction, "leaves words")
        ).ToArray();

    public static bool SaysSo(Instruction instruction) => Writes(instruction, CpuLayout.BarrierWork);

    private static bool Writes(Instruction instruction, int offset) =>
        instruction.Mnemonic == Mnemonic.Mov
        && instruction.Op0Kind == OpKind.Memory
        && instruction.MemorySegment == Register.GS
        && instruction.MemoryDisplacement64 == (ulong)offset;

    private static bool UsesEntryStack(Instruction instruction) =>
        instruction.Mnemonic == Mnemonic.Mov
        && instruction.Op0Register == Register.RSP
        && instruction.MemorySegment == Register.GS
        && instruction.MemoryDisplacement64 == CpuLayout.EntryStack;
}
