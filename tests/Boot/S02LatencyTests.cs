using System.Collections.Generic;
using Skerry.Qemu;
using Skerry.Qemu.Benchmarks;
using Xunit;

namespace Skerry.Tests.Boot;

/// <summary>
/// A thread of the highest priority waits no longer behind any of the kernel's work than the bound says
/// (docs/figures/latency.json). New rows are recorded by <c>skerry bench --suite latency --record</c>.
/// </summary>
[Collection(CountedCollection.Name)]
public sealed class S02LatencyTests
{
    private static readonly Repository _repository = Repository.Locate();

    [Theory]
    [MemberData(nameof(KernelMachines.Latencies), MemberType = typeof(KernelMachines))]
    public void NobodyWaitsLongerThanTheBound(string name)
    {
        IReadOnlyList<LatencyFigure> measured = LatencySuite.RunBriefly(_repository, KernelMachines.Named(name));
        LatencyRecord record = LatencyRecord.Read(LatencyRecord.PathIn(_repository));
        Assert.Empty(record.Faults(measured, name));
        KernelMachines.AreCounted(measured);
    }

    [Fact]
    public void WhoWaitsLongerIsFound()
    {
        KernelMachine machine = KernelMachine.All[0];
        LatencyFigure late = Assert.Single(LatencySuite.RunLate(_repository, machine));
        LatencyRecord record = LatencyRecord.Read(LatencyRecord.PathIn(_repository));
        string fault = $"{late}: {late.Longest}, allowed {LatencyRecord.Bound}";
        Assert.Contains(fault, record.Faults([late], machine.Name));
    }
}
