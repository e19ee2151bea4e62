using System.Collections.Generic;
using System.Linq;
using Iced.Intel;

namespace Skerry.Tests.Image.Code;

/// <summary>Where control can go from an instruction, within its function.</summary>
internal static class ControlFlow
{
    /// <summary>
    /// The next instruction and the target of a jump. A call goes on behind itself, unless it is the last instruction of
    /// its function: then it does not return.
    /// </summary>
    public static IEnumerable<ulong> Successors(Routine routine, Instruction instruction)
    {
        if (IsStuffing(routine, instruction))
        {
            yield return instruction.NearBranchTarget;
            yield break;
        }
        if (IsDirectJump(instruction))
        {
            yield return instruction.NearBranchTarget;
        }
        bool returns = instruction.FlowControl != FlowControl.Call || instruction.NextIP < routine.End;
        if (FallsThrough(instruction) && returns)
        {
            yield return instruction.NextIP;
        }
    }

    public static bool IsDirectJump(Instruction instruction) =>
        instruction.FlowControl is FlowControl.ConditionalBranch or FlowControl.UnconditionalBranch
        && IsNear(instruction);

    public static bool IsDirectCall(Instruction instruction) =>
        instruction.FlowControl == FlowControl.Call && IsNear(instruction);

    /// <summary>A call within a function, from which nobody returns: it fills the return stack buffer.</summary>
    public static bool IsStuffing(Routine routine, Instruction instruction) =>
        IsDirectCall(instruction)
        && routine.Contains(instruction.NearBranchTarget)
        && instruction.NearBranchTarget > instruction.IP;

    /// <summary>A jump or call whose target only the running processor knows.</summary>
    public static bool IsIndirect(Instruction instruction) =>
        instruction.FlowControl is FlowControl.IndirectBranch or FlowControl.IndirectCall;

    private static bool FallsThrough(Instruction instruction) =>
        instruction.FlowControl
            is FlowControl.Next
                or FlowControl.ConditionalBranch
                or FlowControl.Call
                or FlowControl.IndirectCall
                or FlowControl.Interrupt;

    private static bool IsNear(Instruction instruction) =>
        instruction.Op0Kind is OpKind.NearBranch16 or OpKind.NearBranch32 or OpKind.NearBranch64;

    /// <summary>All instructions of an image with the functions they stand in.</summary>
    public static IEnumerable<(Routine Routine, Instruction Instruction)> All(MachineCode code) =>
        from routine in code.Routines
        from instruction in routine.Instructions
        select (routine, instruction);
}
