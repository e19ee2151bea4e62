using System.Collections.Generic;
using System.Linq;
using Skerry.Qemu.Benchmarks;
using Xunit;

namespace Skerry.Tests.Boot;

/// <summary>The machines that the kernel is measured on, and what holds for all that is measured there.</summary>
public static class KernelMachines
{
    public static TheoryData<string> Kernels => Names(KernelMachine.All);

    public static TheoryData<string> Latencies => Names(LatencySuite.Machines);

    public static KernelMachine Named(string name) => LatencySuite.Machines.Single(machine => machine.Name == name);

    private static TheoryData<string> Names(IEnumerable<KernelMachine> machines) =>
        new(machines.Select(machine => machine.Name));

    public static void AreCounted(IReadOnlyCollection<MachineFigure> measured)
    {
        Assert.NotEmpty(measured);
        Assert.All(measured, figure => Assert.Equal("instructions", figure.Unit));
    }
}
