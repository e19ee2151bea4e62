using System;
using System.Collections.Generic;
using System.CommandLine;
using System.Linq;
using Skerry.Qemu.Configuration;
using Skerry.Qemu.Source;
using Skerry.Qemu.Topologies;

namespace Skerry.Qemu.Commands;

/// <summary><c>skerry check</c>: says what is wrong with a topology or configuration file.</summary>
internal static class CheckCommand
{
    private static readonly Argument<string> _file = new("file") { Description = "A topology or configuration file." };

    private static readonly Option<string?> _topology = new("--topology", "-t")
    {
        Description = "Check a configuration against this machine, too.",
    };

    private static readonly Option<ClusterMode> _cluster = ValueOptions.Choice(
        "--cluster",
        ClusterMode.L2,
        "The clustering of that machine."
    );

    private static readonly Option<FileKind> _kind = ValueOptions.Choice(
        "--kind",
        FileKind.Auto,
        "What the file describes; auto: what it says itself."
    );

    public static Command Create(Repository repository)
    {
        var command = new Command("check", "Check a topology or configuration file.");
        command.Arguments.Add(_file);
        command.Options.Add(_topology);
        command.Options.Add(_cluster);
        command.Options.Add(_kind);
        command.SetAction(arguments => Check(repository, arguments));
        return command;
    }

    private static int Check(Repository repository, ParseResult arguments)
    {
        string file = arguments.GetValue(_file)!;
        var diagnostics = new Diagnostics(file);
        SourceValue root = SourceParser.ParseFile(file, diagnostics);
        FileKind kind = arguments.GetValue(_kind);
        if ((kind == FileKind.Auto ? FileKinds.Of(root, diagnostics) : kind) == FileKind.Topology)
        {
            if (arguments.GetResult(_topology) is not null)
            {
                throw new BadInputException($"{file} is a topology, and --topology is for a configuration");
            }
            Print(TopologyReader.Read(root, diagnostics));
            return 0;
        }
        SystemDescription system = SystemReader.Read(root, diagnostics);
        Topology? topology = arguments.GetValue(_topology) is { } name ? TopologyCatalog.Load(repository, name) : null;
        Terminal.Print(BootCheck.Check(system, repository, topology, arguments.GetValue(_cluster)));
        if (topology is null)
        {
            Terminal.Remark($"skerry: {file} was not checked against a machine; --topology names one");
        }
        int bytes = SystemWriter.Write(system).Length;
        string parts =
            $"{system.Vcores.Count} vcores, {system.AllChildren.Count} children, {system.Channels.Count} channels";
        Console.Out.WriteLine($"{file}: {parts}; {bytes} bytes compiled");
        return 0;
    }

    private static void Print(Topology topology)
    {
        Console.Out.WriteLine($"{topology.File}: {topology.Nodes.Count} nodes, {topology.Cpus.Count} CPUs");
        foreach (ClusterMode mode in Enum.GetValues<ClusterMode>())
        {
            IReadOnlyList<PredictedCluster> clusters = ClusterPrediction.Of(topology, mode);
            string sizes = string.Join(" ", clusters.Select(cluster => cluster.Cpus.Count).Distinct());
            Console.Out.WriteLine($"  cluster={PreparedSystem.Word(mode)}: {clusters.Count} clusters of {sizes} CPUs");
        }
    }
}
