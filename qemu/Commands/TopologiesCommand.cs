using System.CommandLine;
using System.Globalization;
using System.Linq;
using Skerry.Qemu.Source;
using Skerry.Qemu.Topologies;
using Spectre.Console;

namespace Skerry.Qemu.Commands;

/// <summary><c>skerry topologies</c>: the machines that come with Skerry.</summary>
internal static class TopologiesCommand
{
    public static Command Create(Repository repository)
    {
        var command = new Command("topologies", "List the machines that come with Skerry.");
        command.SetAction(_ => List(repository));
        return command;
    }

    private static int List(Repository repository)
    {
        var table = new Table().Border(TableBorder.Rounded);
        // A name is copied and searched for: it is never folded.
        table.AddColumn(new TableColumn("name").NoWrap());
        table.AddColumns("nodes", "CPUs", "per L2", "clusters by L2", "memory", "what it shows");
        foreach (string name in TopologyCatalog.Names(repository))
        {
            Topology topology = TopologyCatalog.Load(repository, name);
            string[] cells =
            [
                name == TopologyCatalog.Default ? $"{name} (default)" : name,
                Number(topology.Nodes.Count),
                Number(topology.Cpus.Count),
                Number(topology.ThreadsPerL2),
                Number(ClusterPrediction.Of(topology, ClusterMode.L2).Count),
                ByteSize.Format(topology.TotalMemory),
                topology.Description,
            ];
            table.AddRow(cells.Select(Markup.Escape).ToArray());
        }
        Terminal.WidenForFile();
        Terminal.Output.Write(table);
        return 0;
    }

    private static string Number(int number) => number.ToString(CultureInfo.InvariantCulture);
}
