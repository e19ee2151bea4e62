using System.Collections.Generic;
using System.Linq;
using Skerry.Qemu;
using Skerry.Qemu.Benchmarks;
using Xunit;

namespace Skerry.Tests.Boot;

/// <summary>
/// A thread of the highest priority waits no longer behind any of the kernel's work than the bound says
/// (docs/figures/latency.json). New rows are recorded by <c>skerry bench --suite latency --record</c>.
/// </summary>
[Collection(QemuCollection.Name)]
public sealed class S02LatencyTests
{
    private static readonly Repository _repository = Repository.Locate();

    public static TheoryData<string> Machines => new(KernelMachine.All.Select(machine => machine.Name));

    [Theory]
    [MemberData(nameof(Machines))]
    public void Nobody_waits_longer_than_the_bound(string name)
    {
        KernelMachine machine = KernelMachine.All.Single(machine => machine.Name == name);
        IReadOnlyList<LatencyFigure> measured = LatencySuite.Run(_repository, machine);
        LatencyRecord record = LatencyRecord.Read(LatencyRecord.PathIn(_repository));
        Assert.Empty(record.Faults(measured, name));
        Assert.NotEmpty(measured);
        Assert.All(measured, figure => Assert.Equal("instructions", figure.Unit));
    }
}
