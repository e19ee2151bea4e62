using System.Collections.Generic;
using System.Linq;
using Iced.Intel;
using Skerry.Tests.Image.Code;

namespace Skerry.Tests.Image.Checks;

/// <summary>
/// The kernel must not use vector registers while they still hold what a user put there, and must not hand them on to
/// another user with something in them.
/// </summary>
internal static class VectorStateCheck
{
    /// <summary>
    /// Walks every path from a door of the kernel, through calls and jumps, until the state is saved. Clearing a register
    /// is no use of it.
    /// </summary>
    /// <param name="code">The image.</param>
    /// <param name="doors">Where the processor enters.</param>
    /// <param name="allowed">Functions that are entered when the state is dead or never used again.</param>
    public static IReadOnlyList<Finding> BeforeSave(
        MachineCode code,
        IEnumerable<string> doors,
        IReadOnlySet<string> allowed
    )
    {
        var findings = new List<Finding>();
        var seen = new HashSet<ulong>();
        var open = new Stack<ulong>(doors.Select(door => code[door].Start));
        while (open.TryPop(out ulong address))
        {
            if (!code.TryGetAt(address, out Routine routine, out Instruction instruction))
            {
                findings.Add(new Finding("path", address, "leads to where no instruction begins"));
                continue;
            }
            if (allowed.Contains(routine.Name) || !seen.Add(address) || VectorRegisters.IsSaved(instruction))
            {
                continue;
            }
            if (ControlFlow.IsIndirect(instruction))
            {
                findings.Add(routine.Finding(instruction, "cannot be followed"));
            }
            if (VectorRegisters.ClearedBy(instruction) == 0 && VectorRegisters.AreUsedBy(instruction))
            {
                findings.Add(routine.Finding(instruction, "uses what is not saved yet"));
            }
            foreach (ulong next in Next(routine, instruction))
            {
                open.Push(next);
            }
        }
        return findings;
    }

    /// <summary>
    /// Walks every path from where the kernel may have used the registers to the return to a user: each of them was
    /// cleared or restored since.
    /// </summary>
    /// <param name="code">The image.</param>
    /// <param name="dirty">Addresses from which the registers hold something of the kernel or of another user.</param>
    public static IReadOnlyList<Finding> Unscrubbed(MachineCode code, IEnumerable<ulong> dirty)
    {
        var findings = new List<Finding>();
        var seen = new HashSet<(ulong, uint)>();
        var open = new Stack<(ulong Address, uint Clear)>(dirty.Select(address => (address, 0u)));
        while (open.TryPop(out (ulong Address, uint Clear) at))
        {
            if (!seen.Add(at) || !code.TryGetAt(at.Address, out Routine routine, out Instruction instruction))
            {
                continue;
            }
            bool returns = instruction.Mnemonic is Mnemonic.Sysretq or Mnemonic.Iretq;
            if (returns && at.Clear != VectorRegisters.All)
            {
                findings.Add(
                    routine.Finding(instruction, $"registers not cleared: {VectorRegisters.All & ~at.Clear:x4}")
                );
            }
            uint clear = After(instruction, at.Clear);
            foreach (ulong next in ControlFlow.Successors(routine, instruction))
            {
                open.Push((next, clear));
            }
        }
        return findings;
    }

    /// <summary>The addresses behind every instruction of a function that fits.</summary>
    public static IEnumerable<ulong> Behind(Routine routine, System.Func<Instruction, bool> fits) =>
        routine.Instructions.Where(fits).Select(instruction => instruction.NextIP);

    private static IEnumerable<ulong> Next(Routine routine, Instruction instruction)
    {
        IEnumerable<ulong> successors = ControlFlow.Successors(routine, instruction);
        bool calls = ControlFlow.IsDirectCall(instruction) && !ControlFlow.IsStuffing(routine, instruction);
        return calls ? successors.Append(instruction.NearBranchTarget) : successors;
    }

    private static uint After(Instruction instruction, uint clear)
    {
        if (VectorRegisters.IsRestored(instruction))
        {
            return VectorRegisters.All;
        }
        uint cleared = VectorRegisters.ClearedBy(instruction);
        bool dirties =
            instruction.FlowControl == FlowControl.Call || cleared == 0 && VectorRegisters.AreUsedBy(instruction);
        return dirties ? 0 : clear | cleared;
    }
}
