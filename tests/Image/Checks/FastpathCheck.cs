using System.Collections.Generic;
using System.Linq;
using Iced.Intel;
using Skerry.Tests.Image.Code;

namespace Skerry.Tests.Image.Checks;

/// <summary>The path of Call and ReplyRecv: straight on, without locks, and calling nothing that is not listed.</summary>
internal static class FastpathCheck
{
    /// <param name="routine">The entry or a function of the path.</param>
    /// <param name="code">The image it is of.</param>
    /// <param name="mayCall">Functions that it may call or jump to.</param>
    public static IReadOnlyList<Finding> Run(MachineCode code, Routine routine, IReadOnlySet<string> mayCall) =>
        (
            from instruction in routine.Instructions
            let reason = Reason(code, routine, instruction, mayCall)
            where reason is not null
            select routine.Finding(instruction, reason)
        ).ToArray();

    private static string? Reason(
        MachineCode code,
        Routine routine,
        Instruction instruction,
        IReadOnlySet<string> mayCall
    )
    {
        if (ControlFlow.IsIndirect(instruction))
        {
            return "indirect branch";
        }
        if (IsLocked(instruction))
        {
            return "locked access";
        }
        if (instruction.HasRepPrefix || instruction.HasRepnePrefix)
        {
            return "repeated instruction";
        }
        bool calls = ControlFlow.IsDirectCall(instruction) && !ControlFlow.IsStuffing(routine, instruction);
        if (!ControlFlow.IsDirectCall(instruction) && !ControlFlow.IsDirectJump(instruction))
        {
            return null;
        }
        ulong target = instruction.NearBranchTarget;
        if (calls || !routine.Contains(target))
        {
            string? name = code.StartingAt(target)?.Name;
            return name is not null && mayCall.Contains(name) ? null : "leaves the path";
        }
        return target <= instruction.IP ? "backward branch" : null;
    }

    /// <summary>XCHG with memory locks even without the prefix (Intel SDM vol. 2D, XCHG).</summary>
    private static bool IsLocked(Instruction instruction) =>
        instruction.HasLockPrefix
        || instruction.Mnemonic == Mnemonic.Xchg
            && Enumerable.Range(0, instruction.OpCount).Any(index => instruction.GetOpKind(index) == OpKind.Memory);
}
