using System.Collections.Generic;
using System.IO;
using System.Linq;
using Skerry.Abi.Boot;
using Skerry.Qemu.Source;

namespace Skerry.Qemu.Topologies;

/// <summary>Reads a topology file (<c>qemu/schemas/topology.schema.json</c>) and refuses what QEMU could not be.</summary>
public static class TopologyReader
{
    public const int MaximumNodes = 64;
    public const uint MaximumCpus = MachineHeader.MaximumCpus;

    /// <summary>Files of a run are called by it, beside other words.</summary>
    private const int LongestName = 64;

    /// <summary>The largest distance that is one; 255 means unreachable (ACPI 6.5, 5.2.17).</summary>
    private const uint LargestDistance = 254;

    /// <summary>A node smaller than one large page could not hold a kernel copy.</summary>
    private const ulong SmallestMemory = 2 * ByteSize.Mebi;

    /// <exception cref="BadInputException">The file has an error; all of them are named.</exception>
    public static Topology ReadFile(string path)
    {
        var diagnostics = new Diagnostics(path);
        return Read(SourceParser.ParseFile(path, diagnostics), diagnostics);
    }

    /// <exception cref="BadInputException">The text has an error; all of them are named.</exception>
    public static Topology Read(SourceValue root, Diagnostics diagnostics)
    {
        var reader = new ObjectReader(root, "a topology", diagnostics);
        string name = Name(reader, diagnostics);
        string description = reader.OptionalText("description", "");
        string cpuModel = CpuModel(reader, diagnostics);
        int threads = (int)reader.OptionalNumber("threadsPerL2", 1, MaximumCpus, 1);
        bool numaTables = reader.OptionalFlag("numaTables", true);
        IReadOnlyList<TopologyNode> nodes = Nodes(reader, diagnostics, out bool isWhole);
        IReadOnlyList<IReadOnlyList<uint>> distances = Distances(reader, nodes, diagnostics);
        SourceValue? hmat = reader.Optional("hmat");
        // What nodes have is not known of those that were refused.
        HeterogeneousMemory? memory = isWhole ? HeterogeneousMemoryReader.Read(hmat, nodes, diagnostics) : null;
        reader.Finish();
        if (isWhole)
        {
            CheckWhole(reader.PositionOf("nodes"), nodes, diagnostics);
        }
        CheckMachine(reader, nodes, threads, diagnostics);
        if (!numaTables && (nodes.Count > 1 || hmat is not null))
        {
            diagnostics.Error(
                reader.PositionOf("numaTables"),
                DiagnosticCode.ImpossibleMachine,
                "a machine without NUMA tables has one node and no \"hmat\""
            );
        }
        diagnostics.ThrowIfErrors();
        var shape = new MachineShape(nodes, threads);
        IReadOnlyList<MachineCpu> cpus = shape.PlaceCpus(nodes);
        return new Topology
        {
            Name = name,
            File = diagnostics.File,
            Description = description,
            Nodes = nodes,
            ThreadsPerL2 = threads,
            Distances = distances,
            HeterogeneousMemory = memory,
            HasNumaTables = numaTables,
            CpuModel = cpuModel,
            Shape = shape,
            Cpus = cpus,
        };
    }

    private static string Name(ObjectReader reader, Diagnostics diagnostics)
    {
        string name = reader.OptionalText("name", Path.GetFileNameWithoutExtension(diagnostics.File));
        if (reader.Took("name") && (name.Length == 0 || name.Any(char.IsControl)))
        {
            const string reason = "\"name\" must have a sign, and none that controls a terminal";
            diagnostics.Error(reader.PositionOf("name"), DiagnosticCode.BadName, reason);
        }
        else if (reader.Took("name") && name.Length > LongestName)
        {
            string reason = $"\"name\" has {name.Length} signs, more than {LongestName}";
            diagnostics.Error(reader.PositionOf("name"), DiagnosticCode.TooLong, reason);
        }
        return name;
    }

    private static string CpuModel(ObjectReader reader, Diagnostics diagnostics)
    {
        string model = reader.OptionalText("cpuModel", Topology.DefaultCpuModel);
        if (model.Length == 0 || model.Any(char.IsWhiteSpace))
        {
            diagnostics.Error(
                reader.PositionOf("cpuModel"),
                DiagnosticCode.WrongValue,
                "\"cpuModel\" must be what QEMU's -cpu takes, without spaces"
            );
        }
        // QEMU prints the models that it knows, and ends well without having started anything.
        else if (model.Split(',')[0] is "help" or "?")
        {
            diagnostics.Error(
                reader.PositionOf("cpuModel"),
                DiagnosticCode.WrongValue,
                $"\"cpuModel\" must be a processor; with \"{model}\" QEMU lists those that it knows"
            );
        }
        return model;
    }

    /// <param name="reader">Of the file.</param>
    /// <param name="diagnostics">Where errors go.</param>
    /// <param name="isWhole">All that the file says of nodes was understood.</param>
    private static IReadOnlyList<TopologyNode> Nodes(ObjectReader reader, Diagnostics diagnostics, out bool isWhole)
    {
        var nodes = new List<TopologyNode>();
        isWhole = true;
        foreach (SourceValue value in reader.RequiredList("nodes"))
        {
            var node = new ObjectReader(value, "a node", diagnostics);
            ulong memory = node.RequiredSize("memory");
            int cpus = (int)node.RequiredNumber("cpus", 0, MaximumCpus);
            node.Finish();
            bool isUnderstood = node.Took("memory") && node.Took("cpus");
            isWhole &= isUnderstood;
            if (memory % ByteSize.Mebi != 0 || (memory != 0 && memory < SmallestMemory))
            {
                diagnostics.Error(
                    node.PositionOf("memory"),
                    DiagnosticCode.ImpossibleNode,
                    "\"memory\" must be 0 or whole MiB, at least 2M"
                );
            }
            else if (isUnderstood && memory == 0 && cpus == 0)
            {
                diagnostics.Error(node.Position, DiagnosticCode.ImpossibleNode, "a node needs memory or CPUs");
            }
            nodes.Add(new TopologyNode(nodes.Count, memory, cpus, value.Position));
        }
        isWhole &= reader.Took("nodes");
        return nodes;
    }

    private static void CheckWhole(SourcePosition position, IReadOnlyList<TopologyNode> nodes, Diagnostics diagnostics)
    {
        if (nodes.All(node => node.Cpus == 0))
        {
            diagnostics.Error(position, DiagnosticCode.ImpossibleMachine, "no node has a CPU");
        }
        if (nodes.All(node => node.Memory == 0))
        {
            diagnostics.Error(position, DiagnosticCode.ImpossibleMachine, "no node has memory");
        }
    }

    private static void CheckMachine(
        ObjectReader reader,
        IReadOnlyList<TopologyNode> nodes,
        int threads,
        Diagnostics diagnostics
    )
    {
        SourcePosition position = reader.PositionOf("nodes");
        ulong memory = nodes.Aggregate(0UL, (sum, node) => sum + node.Memory);
        if (memory > ByteSize.Largest && nodes.Count <= MaximumNodes)
        {
            string most = ByteSize.Format(ByteSize.Largest);
            string reason = $"{ByteSize.Format(memory)} of memory are more than {most}";
            diagnostics.Error(position, DiagnosticCode.ImpossibleMachine, reason);
        }
        if (nodes.Count > MaximumNodes)
        {
            diagnostics.Error(
                position,
                DiagnosticCode.ImpossibleMachine,
                $"{nodes.Count} nodes are more than {MaximumNodes}"
            );
        }
        if (nodes.Sum(node => node.Cpus) > MaximumCpus)
        {
            diagnostics.Error(
                position,
                DiagnosticCode.ImpossibleMachine,
                $"{nodes.Sum(node => node.Cpus)} CPUs are more than {MaximumCpus}"
            );
        }
        foreach (TopologyNode node in nodes.Where(node => node.Cpus % threads != 0))
        {
            diagnostics.Error(
                node.Position,
                DiagnosticCode.ImpossibleMachine,
                $"{node.Cpus} CPUs cannot share L2 caches by {threads}"
            );
        }
    }

    private static IReadOnlyList<IReadOnlyList<uint>> Distances(
        ObjectReader reader,
        IReadOnlyList<TopologyNode> nodes,
        Diagnostics diagnostics
    )
    {
        SourceValue? value = reader.Optional("distances");
        if (value is null)
        {
            return nodes.Select(from => nodes.Select(to => DefaultDistance(from, to)).ToArray()).ToArray();
        }
        IReadOnlyList<IReadOnlyList<uint>> matrix = MatrixReader.Read(value, "distances", nodes.Count, diagnostics);
        for (int from = 0; from < matrix.Count; from++)
        {
            for (int to = 0; to < matrix.Count; to++)
            {
                uint distance = matrix[from][to];
                SourcePosition position = value.Items[from].Position;
                if (from == to && distance != Topology.LocalDistance)
                {
                    diagnostics.Error(
                        position,
                        DiagnosticCode.BadMatrix,
                        $"the distance of node {from} to itself must be {Topology.LocalDistance}"
                    );
                }
                else if (from != to && distance is <= Topology.LocalDistance or > LargestDistance)
                {
                    string range = $"{Topology.LocalDistance + 1} to {LargestDistance}";
                    diagnostics.Error(
                        position,
                        DiagnosticCode.BadMatrix,
                        $"the distance from node {from} to node {to} must be {range}, not {distance}"
                    );
                }
            }
        }
        return matrix;
    }

    private static uint DefaultDistance(TopologyNode from, TopologyNode to) =>
        from.Id == to.Id ? Topology.LocalDistance : Topology.DefaultRemoteDistance;
}
