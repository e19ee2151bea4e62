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
        Upper = 4,
        Work = 8,
        Badge = 16,
        All = Buffers | State | Upper | Work | Badge,
    }

    /// <summary>From every place of these functions that notes another address space, to user mode.</summary>
    public static IReadOnlyList<Finding> Run(MachineCode code, IEnumerable<string> routines) =>
        (
            from name in routines
            let routine = code[name]
            let notes = routine.Instructions.Where(NotesOther).ToArray()
            from finding in notes.Length == 0
                ? [new Finding(name, routine.Start, "notes no other address space")]
                : notes.SelectMany(note => Follow(code, note.NextIP, AtFirst(name)))
            select finding
        ).ToArray();

    private static bool NotesOther(Instruction instruction) =>
        instruction.Mnemonic == Mnemonic.Mov
        && instruction.Op0Kind == OpKind.Memory
        && IsInBlock(instruction, CpuLayout.LastUserRoot);

    /// <summary>Without AVX there are no upper halves of vector registers.</summary>
    private static Done AtFirst(string routine) => routine.Contains("WithoutAvx") ? Done.Upper : Done.None;

    private static IEnumerable<Finding> Follow(MachineCode code, ulong start, Done atFirst)
    {
        var seen = new HashSet<(ulong, Done, int)>();
        var open = new Stack<(ulong Address, Done Done, int Stuffed)>([(start, atFirst, 0)]);
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

    /// <summary>Behind the question after more work stands the predictor's barrier, and what an interrupt left is cleared.</summary>
    private static Done By(Instruction instruction) =>
        instruction.Mnemonic switch
        {
            Mnemonic.Verw => Done.Buffers,
            Mnemonic.Fxrstor64 when instruction.IsIPRelativeMemoryOperand => Done.State,
            Mnemonic.Vzeroall => Done.Upper,
            Mnemonic.Cmp when IsInBlock(instruction, CpuLayout.BarrierWork) => Done.Work,
            Mnemonic.Mov when instruction.Op0Kind == OpKind.Memory && IsInBlock(instruction, CpuLayout.Badge) =>
                Done.Badge,
            _ => Done.None,
        };

    private static bool IsInBlock(Instruction instruction, int offset) =>
        instruction.MemorySegment == Register.GS && instruction.MemoryDisplacement64 == (ulong)offset;
}
