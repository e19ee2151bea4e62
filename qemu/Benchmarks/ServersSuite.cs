using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using Skerry.Qemu.Commands;
using Skerry.Qemu.Machines;
using Skerry.Qemu.Source;

namespace Skerry.Qemu.Benchmarks;

/// <summary>Boots systems with apps/serversbench, with counted instructions, and reads what they print.</summary>
public static class ServersSuite
{
    /// <summary>What <c>skerry bench --suite</c> calls it.</summary>
    public const string Name = "servers";

    private const string VcoreStart = "vcore-start";

    private static readonly TimeSpan _timeLimit = TimeSpan.FromMinutes(3);

    /// <exception cref="BadInputException">A program has not been built.</exception>
    /// <exception cref="MachineFailureException">A machine did not end in success; the message has its log.</exception>
    public static IReadOnlyList<ServersFigure> Run(Repository repository, ServersMachine machine)
    {
        RecordLine[] lines = [.. machine.Systems.SelectMany(system => Boot(repository, machine, system))];
        IEnumerable<ServersFigure> printed = lines
            .Where(line => line.Kind == "bench")
            .Select(line => ServersFigure.Of(line, machine.Name));
        return [.. printed, .. Starts([.. lines.Where(line => line.Kind == "vcore")], machine.Name)];
    }

    /// <returns>Where a file of the suite lies: its rows, or a system.</returns>
    public static string FileOf(Repository repository, string name) =>
        Path.Combine(repository.Root, "qemu", "suites", $"{name}.json");

    private static IReadOnlyList<RecordLine> Boot(Repository repository, ServersMachine machine, string system)
    {
        using PreparedSystem prepared = PreparedSystem.Prepare(
            repository,
            machine.Topology,
            machine.Mode,
            MitigationMode.Off,
            FileOf(repository, system)
        );
        MachineOptions options = prepared.Options() with
        {
            Accelerator = Accelerator.InstructionCount,
            TimeLimit = _timeLimit,
        };
        return QemuMachine.Run(options).Require(ExitStatus.Success).Records;
    }

    /// <summary>What taking its memory cost each vcore, for each MiB: they differ in how much that is.</summary>
    /// <param name="vcores">Their <c>@vcore</c> lines.</param>
    /// <param name="machine">Where they ran.</param>
    /// <returns>One figure, or none if there was no vcore.</returns>
    public static IEnumerable<ServersFigure> Starts(IReadOnlyList<RecordLine> vcores, string machine)
    {
        long[] each = [.. vcores.Select(PerMebibyte).Order()];
        if (each.Length != 0)
        {
            yield return new ServersFigure
            {
                Name = VcoreStart,
                Unit = "instructions",
                Machine = machine,
                N = each.Length,
                Min = each[0],
                Median = each[each.Length / 2],
                P99 = each[^1],
            };
        }
    }

    private static long PerMebibyte(RecordLine vcore) =>
        (vcore.Number("claim-ticks") + vcore.Number("prefault-ticks")) / (vcore.Number("memory") / (long)ByteSize.Mebi);
}
