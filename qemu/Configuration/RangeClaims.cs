using System.Collections.Generic;
using System.Linq;
using Skerry.Base.Configuration;
using Skerry.Qemu.Source;

namespace Skerry.Qemu.Configuration;

/// <summary>Finds memory that is claimed twice, by its place: the second claim would not be served. Needs no machine.</summary>
internal static class RangeClaims
{
    /// <summary>Records each claim that overlaps one before it, with the first of those.</summary>
    public static void Check(IReadOnlyList<VcoreDescription> vcores, Diagnostics diagnostics)
    {
        var seen = new List<(VcoreDescription Owner, MemoryDescription Memory)>();
        foreach (VcoreDescription vcore in vcores)
        {
            foreach (
                MemoryDescription memory in vcore.Memory.Where(memory => memory.Selection == MemorySelection.Range)
            )
            {
                (VcoreDescription? owner, MemoryDescription? before) = seen.FirstOrDefault(claim =>
                    Overlap(claim.Memory, memory)
                );
                if (owner is not null && before is not null)
                {
                    diagnostics.Error(
                        memory.Position,
                        DiagnosticCode.ClaimedTwice,
                        Reason(vcore, memory, owner, before)
                    );
                }
                seen.Add((vcore, memory));
            }
        }
    }

    /// <summary>One that wraps has an error of its own, and ends where addresses do.</summary>
    private static bool Overlap(MemoryDescription one, MemoryDescription other) =>
        one.Size != 0 && other.Size != 0 && one.Start <= Last(other) && other.Start <= Last(one);

    private static ulong Last(MemoryDescription memory) =>
        memory.Size - 1 > ulong.MaxValue - memory.Start ? ulong.MaxValue : memory.Start + memory.Size - 1;

    private static string Reason(
        VcoreDescription vcore,
        MemoryDescription memory,
        VcoreDescription owner,
        MemoryDescription before
    )
    {
        ulong start = System.Math.Max(memory.Start, before.Start);
        ulong bytes = System.Math.Min(Last(memory), Last(before)) - start + 1;
        string common = $"{ByteSize.Format(bytes)} from 0x{start:x} on";
        string where = $"line {before.Position.Line}, column {before.Position.Column}";
        return owner == vcore
            ? $"\"{vcore.Name}\" claims {common} twice: here and in {where}"
            : $"\"{vcore.Name}\" claims {common}, which \"{owner.Name}\" claims in {where}";
    }
}
