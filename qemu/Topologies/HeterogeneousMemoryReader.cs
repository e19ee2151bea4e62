using System.Collections.Generic;
using System.Linq;
using Skerry.Qemu.Source;

namespace Skerry.Qemu.Topologies;

/// <summary>Reads the "hmat" of a topology file.</summary>
internal static class HeterogeneousMemoryReader
{
    public static HeterogeneousMemory? Read(
        SourceValue? value,
        IReadOnlyList<TopologyNode> nodes,
        Diagnostics diagnostics
    )
    {
        if (value is null)
        {
            return null;
        }
        var reader = new ObjectReader(value, "an hmat", diagnostics);
        var memory = new HeterogeneousMemory(
            Matrix(reader, "latency", nodes, diagnostics),
            Matrix(reader, "bandwidth", nodes, diagnostics)
        );
        reader.Finish();
        return memory;
    }

    private static IReadOnlyList<IReadOnlyList<uint>> Matrix(
        ObjectReader reader,
        string name,
        IReadOnlyList<TopologyNode> nodes,
        Diagnostics diagnostics
    )
    {
        SourceValue? value = reader.Required(name);
        if (value is null)
        {
            return [];
        }
        IReadOnlyList<IReadOnlyList<uint>> matrix = MatrixReader.Read(value, name, nodes.Count, diagnostics);
        foreach (TopologyNode from in nodes.Take(matrix.Count))
        {
            foreach (TopologyNode to in nodes.Where(to => matrix[from.Id][to.Id] != 0))
            {
                // QEMU refuses both: only CPUs initiate accesses, and only memory answers them.
                if (from.Cpus == 0 || to.Memory == 0)
                {
                    string reason = from.Cpus == 0 ? $"node {from.Id} has no CPU" : $"node {to.Id} has no memory";
                    diagnostics.Error(
                        value.Items[from.Id].Position,
                        DiagnosticCode.BadMatrix,
                        $"\"{name}\" from {from.Id} to {to.Id}: {reason}"
                    );
                }
            }
        }
        return matrix;
    }
}
