using System.Collections.Generic;
using System.Linq;
using Skerry.Qemu.Machines;
using Skerry.Qemu.Topologies;

namespace Skerry.Qemu.Benchmarks;

/// <summary>Boots apps/kernellatency in core's place, with counted instructions, and reads what it prints.</summary>
public static class LatencySuite
{
    private const string Program = "kernellatency";

    /// <summary>The kernel suite's, and one with more CPUs and memory for the rows where that matters.</summary>
    public static IReadOnlyList<KernelMachine> Machines { get; } =
    [.. KernelMachine.All, new("1x8-machine", "1x8", ClusterMode.Machine, "rows=many", IsMulticore: true)];

    /// <summary>Of the moments that the record has for each row: enough to find what is beyond the bound.</summary>
    private const int FewMoments = 12;

    /// <summary>Every row, each as closely as the record has it.</summary>
    /// <exception cref="BadInputException">A program has not been built.</exception>
    /// <exception cref="MachineFailureException">The machine did not end in success; the message has its log.</exception>
    public static IReadOnlyList<LatencyFigure> Run(Repository repository, KernelMachine machine) =>
        Run(repository, machine, "");

    /// <summary>Every row, with a quarter of the releases; near the bound as closely as the record.</summary>
    /// <inheritdoc cref="Run(Repository, KernelMachine)"/>
    public static IReadOnlyList<LatencyFigure> RunBriefly(Repository repository, KernelMachine machine) =>
        Run(repository, machine, $"moments={FewMoments}");

    /// <summary>One row whose wait is beyond the bound.</summary>
    /// <inheritdoc cref="Run(Repository, KernelMachine)"/>
    public static IReadOnlyList<LatencyFigure> RunLate(Repository repository, KernelMachine machine) =>
        Run(repository, machine, $"late=1 moments={FewMoments}");

    private static IReadOnlyList<LatencyFigure> Run(Repository repository, KernelMachine machine, string words) =>
        [
            .. KernelSuite
                .RunProgram(repository, machine with { Append = $"{machine.Append} {words}".Trim() }, Program)
                .RecordsOf("latency")
                .Select(line => LatencyFigure.Of(line, machine.Name)),
        ];
}
