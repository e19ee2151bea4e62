using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using Skerry.Qemu.Source;
using Skerry.Qemu.Topologies;

namespace Skerry.Qemu.Machines;

/// <summary>
/// QEMU's command line for a run. It is a list that goes to the process as it is: no shell ever sees it.
/// </summary>
public static class QemuArguments
{
    public static IReadOnlyList<string> For(MachineOptions options)
    {
        Topology topology = options.Topology;
        List<string> arguments =
        [
            "-no-user-config",
            "-nodefaults",
            "-display",
            "none",
            // A triple fault would otherwise start the machine again, and again.
            "-no-reboot",
            "-serial",
            "stdio",
            "-device",
            "isa-debug-exit,iobase=0xf4,iosize=4",
            "-machine",
            topology.HeterogeneousMemory is null ? "q35" : "q35,hmat=on",
            .. AcceleratorArguments(options.Accelerator),
            "-cpu",
            options.Accelerator == Accelerator.Kvm ? HostCpu.Model() : EmulatedCpu(options),
            .. TopologyArguments(topology),
            "-kernel",
            options.Kernel,
        ];
        if (options.Archive is not null)
        {
            arguments.AddRange(["-initrd", options.Archive]);
        }
        string commandLine = CommandLineOf(options);
        if (commandLine.Length != 0)
        {
            arguments.AddRange(["-append", commandLine]);
        }
        if (options.DebuggerPort is int port)
        {
            arguments.AddRange(["-S", "-gdb", Invariant($"tcp:127.0.0.1:{port}")]);
        }
        arguments.AddRange(options.ExtraArguments);
        return arguments;
    }

    /// <summary>icount=1 tells the guest that its time-stamp counter counts instructions, so that it names the unit.</summary>
    private static string CommandLineOf(MachineOptions options) =>
        options.Accelerator == Accelerator.InstructionCount
            ? $"{options.CommandLine} icount=1".TrimStart()
            : options.CommandLine;

    /// <summary>
    /// With x2APIC where APIC ids take it: not every model has it by itself. Without it where instructions are counted: QEMU 10
    /// ends with "Bad icount read" when a guest reads or sets an x2APIC's timer then.
    /// </summary>
    private static string EmulatedCpu(MachineOptions options)
    {
        string model = options.Topology.CpuModel;
        if (options.Topology.Shape.NeedsX2Apic)
        {
            return $"{model},+x2apic";
        }
        return options.Accelerator == Accelerator.InstructionCount ? $"{model},-x2apic" : model;
    }

    private static string[] AcceleratorArguments(Accelerator accelerator) =>
        accelerator switch
        {
            Accelerator.Kvm => ["-accel", "kvm"],
            Accelerator.InstructionCount => ["-accel", "tcg", "-icount", "shift=0,sleep=off"],
            Accelerator.EmulationByTurns => ["-accel", "tcg,thread=single"],
            _ => ["-accel", "tcg,thread=multi"],
        };

    private static IEnumerable<string> TopologyArguments(Topology topology)
    {
        MachineShape shape = topology.Shape;
        List<string> arguments =
        [
            "-m",
            Invariant($"{topology.TotalMemory / ByteSize.Mebi}M"),
            "-smp",
            Invariant($"{shape.Cpus},sockets={shape.Sockets},cores={shape.Cores},threads={shape.Threads}"),
        ];
        if (!topology.HasNumaTables)
        {
            return arguments;
        }
        foreach (TopologyNode node in topology.Nodes)
        {
            arguments.AddRange(Node(topology, node));
        }
        foreach (MachineCpu cpu in topology.Cpus)
        {
            string place = Invariant($"socket-id={cpu.Socket},core-id={cpu.Core},thread-id={cpu.Thread}");
            arguments.AddRange(["-numa", Invariant($"cpu,node-id={cpu.Node},{place}")]);
        }
        arguments.AddRange(Distances(topology));
        arguments.AddRange(HeterogeneousMemory(topology));
        return arguments;
    }

    private static IEnumerable<string> Node(Topology topology, TopologyNode node)
    {
        string numa = Invariant($"node,nodeid={node.Id}");
        if (node.Memory != 0)
        {
            string size = ByteSize.Format(node.Memory);
            yield return "-object";
            yield return Invariant($"memory-backend-ram,id=memory{node.Id},size={size}");
            numa += Invariant($",memdev=memory{node.Id}");
        }
        if (topology.HeterogeneousMemory is not null && node.Cpus == 0)
        {
            // With an HMAT, QEMU wants to know which CPUs a node without any is attached to.
            numa += Invariant($",initiator={NearestCpus(topology, node.Id)}");
        }
        yield return "-numa";
        yield return numa;
    }

    private static int NearestCpus(Topology topology, int node) =>
        topology.Nodes.Where(other => other.Cpus > 0).MinBy(other => topology.Distances[other.Id][node])!.Id;

    private static IEnumerable<string> Distances(Topology topology) =>
        from source in topology.Nodes
        from destination in topology.Nodes
        where source.Id != destination.Id
        let distance = topology.Distances[source.Id][destination.Id]
        from argument in new[] { "-numa", Invariant($"dist,src={source.Id},dst={destination.Id},val={distance}") }
        select argument;

    private static IEnumerable<string> HeterogeneousMemory(Topology topology)
    {
        if (topology.HeterogeneousMemory is not { } memory)
        {
            return [];
        }
        return
        [
            .. Entries(memory.Latency, "access-latency", value => Invariant($"latency={value}")),
            .. Entries(memory.Bandwidth, "access-bandwidth", value => Invariant($"bandwidth={value}M")),
        ];
    }

    private static IEnumerable<string> Entries(
        IReadOnlyList<IReadOnlyList<uint>> matrix,
        string type,
        System.Func<uint, string> value
    ) =>
        from initiator in Enumerable.Range(0, matrix.Count)
        from target in Enumerable.Range(0, matrix.Count)
        where matrix[initiator][target] != 0
        let pair = Invariant($"hmat-lb,initiator={initiator},target={target},hierarchy=memory,data-type={type}")
        from argument in new[] { "-numa", $"{pair},{value(matrix[initiator][target])}" }
        select argument;

    private static string Invariant(System.FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
