using System;
using System.Collections.Generic;
using System.Linq;
using System.Text;

namespace Skerry.Qemu.Machines;

/// <summary>How a run of QEMU ended and all that it said.</summary>
public sealed class MachineResult
{
    public required ExitStatus Status { get; init; }

    /// <summary>Why it ended so: the guest's own words if it gave any.</summary>
    public required string Reason { get; init; }

    /// <summary>What the process returned.</summary>
    public required int ProcessExitCode { get; init; }

    public required TimeSpan Elapsed { get; init; }

    /// <summary>The serial console, line by line.</summary>
    public required IReadOnlyList<string> Lines { get; init; }

    /// <summary>What QEMU itself complained about.</summary>
    public required IReadOnlyList<string> Complaints { get; init; }

    /// <summary>QEMU's command line, for a person who wants to repeat the run.</summary>
    public required string CommandLine { get; init; }

    /// <summary>The lines that begin with '@', taken apart.</summary>
    public IReadOnlyList<RecordLine> Records => Lines.Select(RecordLine.Parse).OfType<RecordLine>().ToArray();

    public IEnumerable<RecordLine> RecordsOf(string kind) => Records.Where(record => record.Kind == kind);

    /// <summary>Everything that is known about the run, for the message of a failed test.</summary>
    public string Describe()
    {
        var text = new StringBuilder();
        text.AppendLine($"{ExitStatuses.Describe(Status)} after {Elapsed.TotalSeconds:F1} s: {Reason}");
        text.AppendLine($"command: {CommandLine}");
        foreach (string complaint in Complaints)
        {
            text.AppendLine($"qemu: {complaint}");
        }
        text.AppendLine($"serial console, {Lines.Count} lines:");
        text.AppendJoin(Environment.NewLine, Lines);
        return text.AppendLine().ToString();
    }

    /// <exception cref="MachineFailureException">The run ended otherwise; the message has the whole log.</exception>
    public MachineResult Require(ExitStatus expected) =>
        Status == expected
            ? this
            : throw new MachineFailureException(
                $"expected \"{ExitStatuses.Describe(expected)}\", but: {Describe()}",
                this
            );
}
