using System;
using System.Collections.Generic;
using System.Linq;

namespace Skerry.Qemu.Benchmarks;

/// <summary>The sizes of record (<c>docs/figures/images.json</c>), which README.md and docs/figures.md show.</summary>
public sealed record ImageRecord : FigureRecord<ImageSize>
{
    /// <summary>What every machine has a copy of: bootstrap once, the others in each cluster.</summary>
    public static readonly IReadOnlyList<string> Programs = ["boot", "kernel", "core", "vcore"];

    /// <summary>How far a size may be from what is recorded, in hundredths of that.</summary>
    private const int Allowance = KernelRecord.Allowance;
    private const int Hundred = KernelRecord.Hundred;

    public static string PathIn(Repository repository) => RecordFiles.PathIn(repository, "images");

    public static ImageRecord Read(string path) => RecordFiles.Read<ImageRecord>(path);

    /// <summary>What the record has no longer right: a size beyond the allowance, larger or smaller; a program more or less.</summary>
    /// <returns>A line for each; empty if all is well.</returns>
    public IReadOnlyList<string> Faults(IReadOnlyList<ImageSize> measured)
    {
        IEnumerable<string> names = Figures.Concat(measured).Select(image => image.Name).Distinct();
        return
        [
            .. names.SelectMany(name =>
                Faults(
                    name,
                    Figures.SingleOrDefault(image => image.Name == name),
                    measured.SingleOrDefault(image => image.Name == name)
                )
            ),
        ];
    }

    private static IEnumerable<string> Faults(string name, ImageSize? recorded, ImageSize? now)
    {
        if (recorded is null || now is null)
        {
            yield return $"{name}: {(recorded is null ? "not on record" : "recorded, not measured")}";
            yield break;
        }
        if (IsBeyond(recorded.Text, now.Text))
        {
            yield return $"{name}: recorded {recorded.Text} bytes of text, measured {now.Text}";
        }
        if (IsBeyond(recorded.Data, now.Data))
        {
            yield return $"{name}: recorded {recorded.Data} bytes of data, measured {now.Data}";
        }
    }

    private static bool IsBeyond(long recorded, long now) => Math.Abs(now - recorded) * Hundred > recorded * Allowance;
}
