using System.Collections.Generic;
using System.Linq;
using Iced.Intel;
using Skerry.Kernel.Layout;
using Skerry.Tests.Image.Code;

namespace Skerry.Tests.Image.Checks;

/// <summary>
/// The trace is free when it is off, as the plain doors know nothing of it, and whole when it is on: on every path
/// through a traced door exactly one call has the record written.
/// </summary>
internal static class TraceCheck
{
    private static readonly HashSet<string> _recorder =
    [
        EntryPoints.TraceRecorderFastSwitch,
        EntryPoints.TraceRecorderFastAnswer,
        EntryPoints.TraceRecorderSlow,
    ];

    /// <summary>Nothing that only the trace needs stands in these.</summary>
    public static IReadOnlyList<Finding> Plain(MachineCode code, IEnumerable<string> doors) =>
        (
            from name in doors
            let door = code[name]
            from instruction in door.Instructions
            where Remembers(instruction) || Records(code, instruction)
            select door.Finding(instruction, "belongs to the trace")
        ).ToArray();

    /// <summary>
    /// Walks every path from where a user enters to the return to a user. Functions that are called are passed over: the
    /// doors alone call the recorder.
    /// </summary>
    public static IReadOnlyList<Finding> Traced(MachineCode code, IEnumerable<string> doors)
    {
        var findings = new List<Finding>();
        var seen = new HashSet<(ulong, bool, int)>();
        var open = new Stack<(ulong Address, bool Started, int Records)>(
            doors.Select(door => (code[door].Start, false, 0))
        );
        while (open.TryPop(out (ulong Address, bool Started, int Records) at))
        {
            if (!seen.Add(at) || !code.TryGetAt(at.Address, out Routine routine, out Instruction instruction))
            {
                continue;
            }
            bool returns = instruction.Mnemonic is Mnemonic.Sysretq or Mnemonic.Iretq;
            if (returns && !(at.Started && at.Records == 1))
            {
                findings.Add(routine.Finding(instruction, $"{at.Records} records, started: {at.Started}"));
            }
            bool started = at.Started || Starts(instruction);
            int records = at.Records + (Records(code, instruction) ? 1 : 0);
            if (records > 1)
            {
                findings.Add(routine.Finding(instruction, "a second record"));
                continue;
            }
            foreach (ulong next in ControlFlow.Successors(routine, instruction))
            {
                open.Push((next, started, records));
            }
        }
        return findings;
    }

    /// <summary>Stores when the entry was.</summary>
    private static bool Starts(Instruction instruction) =>
        Remembers(instruction) && instruction.MemoryDisplacement64 == CpuLayout.TraceStart;

    /// <summary>Touches what of the CPU's block is the trace's alone.</summary>
    private static bool Remembers(Instruction instruction) =>
        instruction.MemorySegment == Register.GS
        && instruction.MemoryDisplacement64 is >= CpuLayout.Trace and < CpuLayout.Mitigations;

    private static bool Records(MachineCode code, Instruction instruction) =>
        ControlFlow.IsDirectCall(instruction)
        && code.StartingAt(instruction.NearBranchTarget) is { } called
        && called.Names.Any(_recorder.Contains);
}
