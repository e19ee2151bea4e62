using System.Collections.Generic;
using System.Linq;
using Iced.Intel;
using Skerry.Tests.Image.Code;

namespace Skerry.Tests.Image.Checks;

/// <summary>
/// Behind a branch that decides whether to exchange the GS base, no path reads through GS, or loads a root, before a
/// fence has waited for the decision (CVE-2019-1125).
/// </summary>
internal static class SwapgsFenceCheck
{
    /// <param name="code">The image.</param>
    /// <param name="doors">Where the processor enters.</param>
    public static IReadOnlyList<Finding> Run(MachineCode code, IEnumerable<string> doors)
    {
        var findings = new List<Finding>();
        var seen = new HashSet<(ulong, bool)>();
        var open = new Stack<(ulong Address, bool Decided)>(doors.Select(door => (code[door].Start, false)));
        while (open.TryPop(out (ulong Address, bool Decided) at))
        {
            if (!seen.Add(at) || !code.TryGetAt(at.Address, out Routine routine, out Instruction instruction))
            {
                continue;
            }
            bool reads = instruction.MemorySegment == Register.GS || instruction.Op0Register == Register.CR3;
            if (instruction.Mnemonic == Mnemonic.Lfence || reads && !at.Decided)
            {
                // The decision is made, or there was none.
                continue;
            }
            if (reads)
            {
                findings.Add(routine.Finding(instruction, "no fence before"));
                continue;
            }
            bool decided = at.Decided || instruction.FlowControl == FlowControl.ConditionalBranch;
            foreach (ulong next in ControlFlow.Successors(routine, instruction))
            {
                open.Push((next, decided));
            }
        }
        return findings;
    }
}
