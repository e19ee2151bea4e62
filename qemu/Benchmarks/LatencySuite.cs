using System.Collections.Generic;
using System.Linq;

namespace Skerry.Qemu.Benchmarks;

/// <summary>Boots apps/kernellatency in core's place, with counted instructions, and reads what it prints.</summary>
public static class LatencySuite
{
    private const string Program = "kernellatency";

    /// <exception cref="BadInputException">A program has not been built.</exception>
    /// <exception cref="Machines.MachineFailureException">The machine did not end in success; the message has its log.</exception>
    public static IReadOnlyList<LatencyFigure> Run(Repository repository, KernelMachine machine) =>
        [
            .. KernelSuite
                .RunProgram(repository, machine, Program)
                .RecordsOf("latency")
                .Select(line => LatencyFigure.Of(line, machine.Name)),
        ];
}
