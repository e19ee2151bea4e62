using System;
using System.Collections.Generic;
using System.CommandLine;
using System.Globalization;
using System.Linq;
using Skerry.Qemu.Benchmarks;
using Skerry.Qemu.Machines;
using Skerry.Qemu.Source;
using Skerry.Qemu.Topologies;

namespace Skerry.Qemu.Commands;

/// <summary>
/// <c>skerry bench</c>: runs one system under several clusterings with counted instructions, and sets the results of
/// its <c>@bench</c> lines side by side.
/// </summary>
internal static class BenchCommand
{
    private static readonly string[] _suites =
    [
        KernelBenchCommand.Suite,
        LatencyBenchCommand.Suite,
        ServersSuite.Name,
        ImageBenchCommand.Suite,
    ];

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
            + $"\"{LatencyBenchCommand.Suite}\": how long a thread waits behind them, on the same machines; "
            + $"\"{ServersSuite.Name}\": the operations of core and of a vcore, on machines of its own; "
            + $"\"{ImageBenchCommand.Suite}\": how large the programs are that every system has.",
    };

    private static readonly Option<bool> _record = new("--record")
    {
        Description = "With a suite: make its results the figures of record (docs/figures).",
    };

    private static readonly Option<string?> _path = new("--path")
    {
        Description =
            $"With --suite {ServersSuite.Name}: which functions one sample of this row goes through; needs gdb.",
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
        command.Options.Add(_path);
        command.SetAction(arguments => (int)Choose(repository, arguments));
        return command;
    }

    private static ExitStatus Choose(Repository repository, ParseResult arguments)
    {
        bool record = arguments.GetValue(_record);
        string? suite = arguments.GetValue(_suite);
        if (_suites.Contains(suite))
        {
            RefuseWhatSuitesDoNotRead(arguments, suite!);
        }
        return suite switch
        {
            KernelBenchCommand.Suite => KernelBenchCommand.Bench(repository, record),
            LatencyBenchCommand.Suite => LatencyBenchCommand.Bench(repository, record),
            ServersSuite.Name when arguments.GetValue(_path) is { } row => ServersPath.Follow(repository, row),
            ServersSuite.Name => ServersBenchCommand.Bench(repository, record),
            ImageBenchCommand.Suite => ImageBenchCommand.Bench(repository, record),
            null or "" when arguments.GetValue(_path) is not null => throw new BadInputException(
                $"--path needs --suite {ServersSuite.Name}"
            ),
            null or "" when record => throw new BadInputException("--record needs a --suite"),
            null or "" => Bench(repository, arguments),
            _ => throw new BadInputException(
                $"there is no suite \"{suite}\"; there are {string.Join(" and ", _suites)}{NearestName.Hint(suite, _suites)}"
            ),
        };
    }

    /// <summary>A suite has machines and systems of its own; who asks for another would believe the figures to be its.</summary>
    private static void RefuseWhatSuitesDoNotRead(ParseResult arguments, string suite)
    {
        Option[] ofMachine = [_topology, _clusters, _mitigations, _configuration, _timeout];
        Option[] unread = suite == ServersSuite.Name ? ofMachine : [.. ofMachine, _path];
        string[] given =
        [
            .. unread.Where(option => arguments.GetResult(option) is { Implicit: false }).Select(option => option.Name),
        ];
        if (given.Length != 0)
        {
            throw new BadInputException($"--suite {suite} does not read {string.Join(", ", given)}; it reads --record");
        }
    }

    private static ExitStatus Bench(Repository repository, ParseResult arguments)
    {
        var figures = new List<SystemFigure>();
        var leftOut = new List<string>();
        foreach (PreparedSystem system in Systems(repository, arguments))
        {
            using PreparedSystem prepared = system;
            MachineOptions options = prepared.Options() with
            {
                Accelerator = Accelerator.InstructionCount,
                TimeLimit = TimeSpan.FromSeconds(arguments.GetValue(_timeout)),
            };
            MachineResult result = Terminal.WithProgress(prepared.Name, () => QemuMachine.Run(options));
            if (result.Status != ExitStatus.Success)
            {
                Terminal.Remark(result.Describe());
                return result.Status;
            }
            SystemFigure[] measured = [.. SystemFigure.Of(prepared, result.Records)];
            figures.AddRange(measured);
            string[] printed = [.. result.RecordsOf("bench").Select(line => line.Word(0))];
            leftOut.AddRange(printed.Except(measured.Select(figure => figure.Name)));
        }
        Print(figures);
        foreach (string name in leftOut.Distinct())
        {
            Terminal.Remark($"skerry: {name} is left out: it waits for another CPU, and counted CPUs take turns");
        }
        string files = ResultFiles.Write(
            repository,
            "system",
            SystemFigure.CsvHeader,
            figures.Select(figure => figure.CsvLine),
            figures
        );
        Terminal.Remark($"skerry: {files}");
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

    /// <summary>A table for each unit; what is the same in all rows stands above it.</summary>
    private static void Print(IReadOnlyList<SystemFigure> figures)
    {
        Terminal.WidenForFile();
        foreach (IGrouping<string, SystemFigure> unit in figures.GroupBy(figure => figure.Unit))
        {
            (string Head, Func<SystemFigure, string> Word)[] ways =
            [
                ("cluster", figure => figure.Cluster),
                ("mitigations", figure => figure.Mitigations),
                ("system", figure => figure.System),
            ];
            bool Varies((string Head, Func<SystemFigure, string> Word) way) =>
                unit.Select(way.Word).Distinct().Count() > 1;
            IEnumerable<string> same = ways.Where(way => !Varies(way))
                .Select(way => $"{way.Head}={way.Word(unit.First())}");
            Console.Out.WriteLine($"{string.Join(' ', same.Prepend(unit.First().Topology))}: {unit.Key}");
            var varying = ways.Where(Varies).ToArray();
            var table = new FoldedTable(["measured", .. varying.Select(way => way.Head), "n", "min", "median", "p99"]);
            foreach (SystemFigure figure in unit.OrderBy(figure => figure.Name, StringComparer.Ordinal))
            {
                long[] numbers = [figure.N, figure.Min, figure.Median, figure.P99];
                IEnumerable<string> cells = numbers.Select(number =>
                    number.ToString("N0", CultureInfo.InvariantCulture)
                );
                table.AddRow([figure.Name, .. varying.Select(way => way.Word(figure)), .. cells]);
            }
            table.Write(Terminal.Output);
        }
    }
}
