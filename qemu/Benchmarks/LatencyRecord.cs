using System.Collections.Generic;
using System.Linq;

namespace Skerry.Qemu.Benchmarks;

/// <summary>
/// The longest waits of record (<c>docs/figures/latency.json</c>). What is guarded is the bound, not the figures.
/// </summary>
public sealed record LatencyRecord : MachineRecord<LatencyFigure>
{
    /// <summary>Instructions that a thread of the highest priority waits at most, whatever the kernel does.</summary>
    public const int Bound = 20_000;

    /// <summary>A wait beyond the bound may grow by this part of it: it is met at other moments each time.</summary>
    private const long MomentsShare = 20;

    public static string PathIn(Repository repository) => RecordFiles.PathIn(repository, "latency");

    public static LatencyRecord Read(string path) => RecordFiles.Read<LatencyRecord>(path);

    /// <summary>
    /// What is not as it should be on a machine: a wait beyond the bound, or, where the record has one beyond it already,
    /// 5 % beyond that; a row of the record that is gone; one that nobody has recorded.
    /// </summary>
    /// <returns>A line for each; empty if all is well.</returns>
    public IReadOnlyList<string> Faults(IReadOnlyList<LatencyFigure> measured, string machine)
    {
        IEnumerable<string?> faults = Rows(measured, [machine]).Select(row => Fault(row.Recorded, row.Now));
        IEnumerable<string> unknown = Unknown(measured, [machine])
            .Select(figure => $"{figure}: not on record, measured {figure.Longest}");
        return [.. faults.OfType<string>(), .. unknown];
    }

    private static string? Fault(LatencyFigure recorded, LatencyFigure? now)
    {
        if (now is null)
        {
            return $"{recorded}: recorded {recorded.Longest}, not measured";
        }
        long allowed = recorded.Longest > Bound ? recorded.Longest + recorded.Longest / MomentsShare : Bound;
        return now.Longest > allowed ? $"{recorded}: {now.Longest}, allowed {allowed}" : null;
    }
}
