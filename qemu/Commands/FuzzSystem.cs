using System;
using System.Collections.Generic;
using System.Globalization;
using System.IO;
using System.Linq;
using Skerry.Abi;
using Skerry.Qemu.Archive;
using Skerry.Qemu.Machines;
using Skerry.Qemu.Topologies;

namespace Skerry.Qemu.Commands;

/// <summary>
/// A machine on which apps/kernelfuzz makes random system calls in core's place, under the kernel that checks itself. The
/// same seed gives each thread the same sequence of calls; with counted instructions and one CPU it gives the same run.
/// </summary>
public sealed record FuzzSystem
{
    public const string DefaultTopology = "2x2";
    private const string Component = "kernelfuzz";

    public required string Topology { get; init; }
    public ClusterMode Cluster { get; init; } = ClusterMode.Machine;
    public required ulong Seed { get; init; }
    public required ulong Calls { get; init; }

    /// <summary>A CheckedDamage that the checked kernel does on request, so that the check must find it; 0 for none.</summary>
    public ulong Damage { get; init; }

    /// <summary>The kernel that systems run on, without the check.</summary>
    public bool Unchecked { get; init; }

    public bool InstructionCount { get; init; }

    /// <summary>A host thread for each CPU: they race for real, and wait for each other when the host has fewer processors.</summary>
    public bool Parallel { get; init; }

    /// <summary>With page tables of user mode's own, and barriers.</summary>
    public bool Mitigations { get; init; }
    public TimeSpan? TimeLimit { get; init; }

    /// <summary>
    /// The component tells how far it is every few thousand calls; a hundred times what they take means that nothing goes on.
    /// </summary>
    public TimeSpan SilenceLimit { get; init; } = TimeSpan.FromSeconds(180);

    /// <summary>The command that makes the same calls again.</summary>
    public string Replay
    {
        get
        {
            string[] words =
            [
                "skerry fuzz",
                $"--topology {Topology}",
                $"--cluster {PreparedSystem.Word(Cluster)}",
                $"--seed {Text(Seed)}",
                $"--calls {Text(Calls)}",
                Unchecked ? "--unchecked" : "",
                InstructionCount ? "--icount" : "",
                Parallel ? "--parallel" : "",
                Mitigations ? "--mitigations on" : "",
            ];
            return string.Join(' ', words.Where(word => word.Length != 0));
        }
    }

    public MachineResult Run(Repository repository, Action<string>? onLine = null)
    {
        string name = $"fuzz-{Topology}-{PreparedSystem.Word(Cluster)}-{Text(Seed)}";
        using RunFiles files = RunFiles.Claim(repository, name);
        return QemuMachine.Run(Options(repository, files), onLine);
    }

    private MachineOptions Options(Repository repository, RunFiles files)
    {
        WriteArchive(repository, files.Archive);
        string damage = Damage == 0 ? "" : $" damage={Text(Damage)}";
        string words = $"seed={Text(Seed)} calls={Text(Calls)}{damage}{(Mitigations ? " mitigations=on" : "")}";
        return new MachineOptions
        {
            Topology = TopologyCatalog.Load(repository, Topology),
            Kernel = BootArchive.Image(repository.Images, BootArchive.Bootstrap),
            Archive = files.Archive,
            CommandLine = $"cluster={PreparedSystem.Word(Cluster)} panic=exit {words}",
            Accelerator =
                InstructionCount ? Accelerator.InstructionCount
                : Parallel ? Accelerator.Emulation
                : Accelerator.EmulationByTurns,
            TimeLimit = TimeLimit,
            SilenceLimit = SilenceLimit,
            LogFile = files.Log,
        };
    }

    private void WriteArchive(Repository repository, string path)
    {
        byte[] Image(string image) => File.ReadAllBytes(BootArchive.Image(repository.Images, image));

        var entries = new Dictionary<string, byte[]>
        {
            ["kernel.elf"] = Image(Unchecked ? "kernel" : BootArchive.CheckedKernel),
            ["core.elf"] = Image(Component),
        };
        OutputFile.Write(path, stream => BootArchive.Write(stream, entries));
    }

    /// <returns>How many calls the component says it has made; null if the line is about something else.</returns>
    public static ulong? CallsMade(string line) =>
        RecordLine.Parse(line) is { Kind: "fuzz" } record
        && record.Word(0) == "progress"
        && ulong.TryParse(record.Fields.GetValueOrDefault("calls"), CultureInfo.InvariantCulture, out ulong calls)
            ? calls
            : null;

    /// <summary>What was found broken, in words, if that is how the run ended.</summary>
    public static string? Finding(MachineResult result)
    {
        RecordLine? line = result.RecordsOf("fuzz").FirstOrDefault(record => record.Word(0) == "broken");
        if (line is null)
        {
            return null;
        }
        var rule = (CheckedRule)ulong.Parse(line.Fields["rule"], CultureInfo.InvariantCulture);
        return $"{rule} does not hold at {line.Fields["address"]} after {line.Fields["calls"]} calls";
    }

    private static string Text(ulong value) => value.ToString(CultureInfo.InvariantCulture);
}
