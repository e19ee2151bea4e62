using System;
using System.Collections.Generic;
using System.CommandLine;
using System.IO;
using System.Linq;
using Skerry.Qemu.Machines;
using Skerry.Qemu.Source;
using Skerry.Qemu.Topologies;
using Spectre.Console;

namespace Skerry.Qemu.Commands;

/// <summary>
/// <c>skerry bench</c>: runs one system under several clusterings with counted instructions, and sets the results of
/// its <c>@bench</c> lines side by side.
/// </summary>
internal static class BenchCommand
{
    private static readonly string[] _suites = [KernelBenchCommand.Suite, LatencyBenchCommand.Suite];

    private static readonly string[] _fields = ["unit", "n", "min", "median", "p99"];

    private static readonly Option<string> _topology = new("--topology", "-t")
    {
        Description = "Machine: a name that 'skerry topologies' lists, or a file.",
        DefaultValueFactory = _ => TopologyCatalog.Default,
    };

    private static readonly Option<ClusterMode[]> _clusters = ValueOptions.Choices(
        "--cluster",
        ClusterMode.L2,
        "Clusterings to compare; may be given several times."
    );

    private static readonly Option<MitigationMode[]> _mitigations = ValueOptions.Choices(
        "--mitigations",
        MitigationMode.Off,
        "Whether the kernels guard against vulnerabilities of processors; may be given several times."
    );

    private static readonly Option<string?> _configuration = new("--config", "-c")
    {
        Description =
            "System of components: a name among qemu/configs, or a file; else the demo that fits the machine.",
    };

    private static readonly Option<int> _timeout = ValueOptions.Number(
        "--timeout",
        1,
        ValueOptions.LongestTime,
        600,
        "Seconds after which one run is killed."
    );

    private static readonly Option<string?> _suite = new("--suite")
    {
        Description =
            $"\"{KernelBenchCommand.Suite}\": the kernel's own operations beside seL4's, on machines of its own; "
            + $"\"{LatencyBenchCommand.Suite}\": how long a thread waits behind them, on the same machines.",
    };

    private static readonly Option<bool> _record = new("--record")
    {
        Description = "With a suite: make its results the figures of record (docs/figures).",
    };

    public static Command Create(Repository repository)
    {
        var command = new Command("bench", "Run the measurements and print what each clustering costs.");
        command.Options.Add(_topology);
        command.Options.Add(_clusters);
        command.Options.Add(_mitigations);
        command.Options.Add(_configuration);
        command.Options.Add(_timeout);
        command.Options.Add(_suite);
        command.Options.Add(_record);
        command.SetAction(arguments => (int)Choose(repository, arguments));
        return command;
    }

    private static ExitStatus Choose(Repository repository, ParseResult arguments)
    {
        bool record = arguments.GetValue(_record);
        string? suite = arguments.GetValue(_suite);
        return suite switch
        {
            KernelBenchCommand.Suite => KernelBenchCommand.Bench(repository, record),
            LatencyBenchCommand.Suite => LatencyBenchCommand.Bench(repository, record),
            null or "" when record => throw new BadInputException("--record needs a --suite"),
            null or "" => Bench(repository, arguments),
            _ => throw new BadInputException(
                $"there is no suite \"{suite}\"; there are {string.Join(" and ", _suites)}{NearestName.Hint(suite, _suites)}"
            ),
        };
    }

    private static ExitStatus Bench(Repository repository, ParseResult arguments)
    {
        var results = new List<(PreparedSystem System, RecordLine Line)>();
        foreach (PreparedSystem system in Systems(repository, arguments))
        {
            using PreparedSystem prepared = system;
            MachineOptions options = prepared.Options() with
            {
                Accelerator = Accelerator.InstructionCount,
                TimeLimit = TimeSpan.FromSeconds(arguments.GetValue(_timeout)),
            };
            MachineResult result = Terminal.WithProgress(system.Name, () => QemuMachine.Run(options));
            if (result.Status != ExitStatus.Success)
            {
                Terminal.Remark(result.Describe());
                return result.Status;
            }
            results.AddRange(result.RecordsOf("bench").Select(line => (system, line)));
        }
        Print(results);
        Save(Path.Combine(repository.Output, "bench.csv"), arguments.GetValue(_topology)!, results);
        return ExitStatus.Success;
    }

    private static IEnumerable<PreparedSystem> Systems(Repository repository, ParseResult arguments) =>
        from mode in arguments.GetValue(_clusters)!
        from mitigations in arguments.GetValue(_mitigations)!
        select PreparedSystem.Prepare(
            repository,
            arguments.GetValue(_topology)!,
            mode,
            mitigations,
            arguments.GetValue(_configuration)
        );

    private static void Print(IReadOnlyList<(PreparedSystem System, RecordLine Line)> results)
    {
        var table = new Table().Border(TableBorder.Rounded);
        table.AddColumns(["measured", "cluster", "mitigations", .. _fields]);
        foreach ((PreparedSystem system, RecordLine line) in results.OrderBy(result => result.Line.Word(0)))
        {
            string[] cells = [line.Word(0), .. Words(system), .. Values(line)];
            table.AddRow(cells.Select(Markup.Escape).ToArray());
        }
        Terminal.Output.Write(table);
    }

    private static void Save(
        string path,
        string topology,
        IReadOnlyList<(PreparedSystem System, RecordLine Line)> results
    )
    {
        IEnumerable<string> lines = results.Select(result =>
            string.Join(',', [topology, .. Words(result.System), result.Line.Word(0), .. Values(result.Line)])
        );
        string header = $"topology,cluster,mitigations,name,{string.Join(',', _fields)}";
        OutputFile.Write(path, string.Concat(lines.Prepend(header).Select(line => line + "\n")));
        Terminal.Remark($"skerry: {path}: {results.Count} results");
    }

    private static string[] Words(PreparedSystem system) =>
        [PreparedSystem.Word(system.Mode), PreparedSystem.Word(system.Mitigations)];

    private static IEnumerable<string> Values(RecordLine line) =>
        _fields.Select(field => line.Fields.GetValueOrDefault(field, ""));
}
