using System.Collections.Generic;
using System.Linq;
using Skerry.Qemu.Benchmarks;
using Xunit;

namespace Skerry.Tests.Boot;

/// <summary>The machines that the kernel is measured on, and what holds for all that is measured there.</summary>
public static class KernelMachines
{
    public static TheoryData<string> Names => new(KernelMachine.All.Select(machine => machine.Name));

    public static void AreCounted(IReadOnlyCollection<MachineFigure> measured)
    {
        Assert.NotEmpty(measured);
        Assert.All(measured, figure => Assert.Equal("instructions", figure.Unit));
    }
}
