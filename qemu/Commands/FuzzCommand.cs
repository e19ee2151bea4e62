using System;
using System.CommandLine;
using System.Diagnostics;
using System.Linq;
using System.Security.Cryptography;
using Skerry.Qemu.Machines;
using Skerry.Qemu.Topologies;

namespace Skerry.Qemu.Commands;

/// <summary><c>skerry fuzz</c>: random system calls against the kernel that checks itself.</summary>
internal static class FuzzCommand
{
    private static readonly Option<string> _topology = new("--topology", "-t")
    {
        Description = "Machine: a name that 'skerry topologies' lists, or a file.",
        DefaultValueFactory = _ => FuzzSystem.DefaultTopology,
    };

    private static readonly Option<ClusterMode> _cluster = ValueOptions.Choice(
        "--cluster",
        ClusterMode.Machine,
        "Which CPUs one kernel instance runs; the calls are made in the boot CPU's cluster."
    );

    private static readonly Option<ulong?> _seed = ValueOptions.OptionalNumber(
        "--seed",
        "From which the calls are drawn; without it a new one."
    );

    private static readonly Option<ulong> _calls = ValueOptions.Number(
        "--calls",
        1UL,
        1_000_000_000_000UL,
        1_000_000UL,
        "How many calls to make."
    );

    private static readonly Option<bool> _unchecked = new("--unchecked")
    {
        Description = "The kernel that systems run on, which does not check its objects.",
    };

    private static readonly Option<bool> _instructionCount = new("--icount")
    {
        Description = "Count instructions instead of time: on one CPU the same run each time.",
    };

    private static readonly Option<bool> _parallel = new("--parallel")
    {
        Description = "A host thread for each CPU: slow unless the host has a processor for each.",
    };

    private static readonly Option<MitigationMode> _mitigations = ValueOptions.Choice(
        "--mitigations",
        MitigationMode.Off,
        "on: with the kernel's mitigations of processor vulnerabilities."
    );

    private static readonly Option<int> _pieces = ValueOptions.Number(
        "--pieces",
        1,
        100_000,
        1,
        "Runs of so many calls each, with seeds that follow each other; those that this build has done are left out."
    );

    private static readonly Option<int> _silence = ValueOptions.Number(
        "--silence",
        1,
        ValueOptions.LongestTime,
        180,
        "Seconds without a line after which QEMU is killed."
    );

    private static readonly Option<int> _timeout = ValueOptions.Number(
        "--timeout",
        1,
        ValueOptions.LongestTime,
        3600,
        "Seconds after which QEMU is killed."
    );

    public static Command Create(Repository repository)
    {
        var command = new Command("fuzz", "Make random system calls and check the kernel's objects.");
        command.Options.Add(_topology);
        command.Options.Add(_cluster);
        command.Options.Add(_seed);
        command.Options.Add(_calls);
        command.Options.Add(_unchecked);
        command.Options.Add(_instructionCount);
        command.Options.Add(_parallel);
        command.Options.Add(_mitigations);
        command.Options.Add(_pieces);
        command.Options.Add(_silence);
        command.Options.Add(_timeout);
        command.SetAction(arguments => (int)Fuzz(repository, arguments));
        return command;
    }

    private static ExitStatus Fuzz(Repository repository, ParseResult arguments)
    {
        int pieces = arguments.GetValue(_pieces);
        // A run in pieces begins with the same one each time, so that it can go on where it was.
        ulong first =
            arguments.GetValue(_seed) ?? (pieces > 1 ? 1 : (ulong)RandomNumberGenerator.GetInt32(int.MaxValue));
        FuzzSystem system = Describe(arguments, first);
        var done = new FuzzPieces(repository, system);
        ExitStatus status = ExitStatus.Success;
        for (int i = 0; i < pieces && status == ExitStatus.Success; i++)
        {
            ulong seed = first + (ulong)i;
            if (pieces == 1 || !done.IsDone(seed))
            {
                int behind = Enumerable.Range(i + 1, pieces - i - 1).Count(piece => !done.IsDone(first + (ulong)piece));
                status = RunPiece(repository, system with { Seed = seed }, done, behind);
            }
        }
        for (int i = 0; i < pieces; i++)
        {
            Terminal.Remark($"skerry: piece {done.Describe(first + (ulong)i)}");
        }
        return status;
    }

    private static FuzzSystem Describe(ParseResult arguments, ulong seed) =>
        new()
        {
            Topology = arguments.GetValue(_topology)!,
            Cluster = arguments.GetValue(_cluster),
            Seed = seed,
            Calls = arguments.GetValue(_calls),
            Unchecked = arguments.GetValue(_unchecked),
            InstructionCount = arguments.GetValue(_instructionCount),
            Parallel = arguments.GetValue(_parallel),
            Mitigations = arguments.GetValue(_mitigations) == MitigationMode.On,
            TimeLimit = TimeSpan.FromSeconds(arguments.GetValue(_timeout)),
            SilenceLimit = TimeSpan.FromSeconds(arguments.GetValue(_silence)),
        };

    /// <param name="behind">Pieces that are to be made after this one.</param>
    private static ExitStatus RunPiece(Repository repository, FuzzSystem system, FuzzPieces done, int behind)
    {
        Terminal.Remark($"skerry: {system.Replay}");
        var progress = new FuzzProgress(system.Calls, behind);
        var clock = Stopwatch.StartNew();
        MachineResult result = system.Run(
            repository,
            line =>
            {
                Console.Out.WriteLine(line);
                if (FuzzSystem.CallsMade(line) is { } made && progress.Remark(made, clock.Elapsed) is { } remark)
                {
                    Terminal.Remark($"skerry: {remark}");
                }
            }
        );
        string seconds = result.Elapsed.TotalSeconds.ToString("F1", System.Globalization.CultureInfo.InvariantCulture);
        Terminal.Remark($"skerry: {ExitStatuses.Describe(result.Status)} after {seconds} s: {result.Reason}");
        if (result.Status == ExitStatus.Success)
        {
            done.Note(system.Seed, result);
        }
        else
        {
            Terminal.Remark(FuzzSystem.Finding(result) ?? "no rule was found broken");
            Terminal.Remark($"again: {system.Replay}");
        }
        return result.Status;
    }
}
