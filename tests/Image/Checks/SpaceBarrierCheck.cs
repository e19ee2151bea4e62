using System;
using System.Collections.Generic;
using System.Linq;
using Iced.Intel;
using Skerry.Kernel.Layout;
using Skerry.Tests.Image.Code;

namespace Skerry.Tests.Image.Checks;

/// <summary>Before another address space runs in user mode, all barriers between two PDs stand on every path.</summary>
internal static class SpaceBarrierCheck
{
    private const int ReturnStackEntries = 32;

    [Flags]
    private enum Done
    {
        None = 0,
        Buffers = 1,
        State = 2,
        Predictor = 4,
        BlockScratch = 8,
        BlockBadge = 16,
        All = Buffers | State | Predictor | BlockScratch | BlockBadge,
    }

    /// <summary>From every place of these functions that notes another address space, to user mode.</summary>
    public static IReadOnlyList<Finding> Run(MachineCode code, IEnumerable<string> routines) =>
        (
            from name in routines
            let routine = code[name]
            let notes = routine.Instructions.Where(NotesOther).ToArray()
            from finding in notes.Length == 0
                ? [new Finding(name, routine.Start, "notes no other address space")]
                : notes.SelectMany(note => Follow(code, note.NextIP))
            select finding
        ).ToArray();

    private static bool NotesOther(Instruction instruction) =>
        instruction.Mnemonic == Mnemonic.Mov
        && instruction.Op0Kind == OpKind.Memory
        && IsInBlock(instruction, CpuLayout.LastUserRoot);

    private static IEnumerable<Finding> Follow(MachineCode code, ulong start)
    {
        var seen = new HashSet<(ulong, Done, int)>();
        var open = new Stack<(ulong Address, Done Done, int Stuffed)>([(start, Done.None, 0)]);
        while (open.TryPop(out (ulong Address, Done Done, int Stuffed) at))
        {
            if (!seen.Add(at) || !code.TryGetAt(at.Address, out Routine routine, out Instruction instruction))
            {
                continue;
            }
            if (instruction.Mnemonic is Mnemonic.Sysretq or Mnemonic.Iretq)
            {
                if (at.Done != Done.All)
                {
                    yield return routine.Finding(instruction, $"without barriers: {Done.All & ~at.Done}");
                }
                if (at.Stuffed < ReturnStackEntries)
                {
                    yield return routine.Finding(instruction, $"return stack filled with {at.Stuffed}");
                }
                continue;
            }
            int stuffed = at.Stuffed + (ControlFlow.IsStuffing(routine, instruction) ? 1 : 0);
            foreach (ulong next in ControlFlow.Successors(routine, instruction))
            {
                open.Push((next, at.Done | By(instruction), stuffed));
            }
        }
    }

    /// <summary>The predictor's barrier is there, or was asked for where the processor has none.</summary>
    private static Done By(Instruction instruction) =>
        instruction.Mnemonic switch
        {
            Mnemonic.Verw => Done.Buffers,
            Mnemonic.Xrstor64 or Mnemonic.Fxrstor64 when instruction.IsIPRelativeMemoryOperand => Done.State,
            Mnemonic.Cmp when IsInBlock(instruction, CpuLayout.HasPredictorBarrier) => Done.Predictor,
            Mnemonic.Mov when instruction.Op0Kind == OpKind.Memory && IsInBlock(instruction, CpuLayout.Scratch) =>
                Done.BlockScratch,
            Mnemonic.Mov when instruction.Op0Kind == OpKind.Memory && IsInBlock(instruction, CpuLayout.Badge) =>
                Done.BlockBadge,
            _ => Done.None,
        };

    private static bool IsInBlock(Instruction instruction, int offset) =>
        instruction.MemorySegment == Register.GS && instruction.MemoryDisplacement64 == (ulong)offset;
}
