using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using Skerry.Qemu.Machines;
using Skerry.Qemu.Topologies;
using Xunit;

namespace Skerry.Tests.Boot;

/// <summary>The kernel alone: apps/kerneltests in core's place asks it all that it can be asked. The end is a success.</summary>
[Collection(QemuCollection.Name)]
public sealed class S02KernelTests
{
    /// <summary>Tests that need a second CPU in the cluster.</summary>
    private static readonly string[] _acrossCpus =
    [
        "kernel-unmap-interrupts",
        "kernel-calls-across-cpus",
        "kernel-suspend-across-cpus",
        "kernel-races-leave-nothing",
        "kernel-races-translate-right",
        "kernel-unknown-selectors",
        "kernel-revoke-not-outrun",
        "kernel-irq-edges-other-cpu",
        "kernel-park",
        "kernel-park-refused",
        "kernel-migrate-running",
        "kernel-migrate-ready",
        "kernel-migrate-waiting",
        "kernel-migrate-faulted",
        "kernel-idle-stays-idle",
        "kernel-buffers-taken-away",
        "kernel-spaces-taken-away",
        "kernel-fault-tables-replaced",
    ];

    [Theory]
    [InlineData("1x1", ClusterMode.L2, false, "")]
    [InlineData("2x2", ClusterMode.Node, true, "")]
    [InlineData("4x4", ClusterMode.Machine, true, "")]
    [InlineData("4x4", ClusterMode.Node, true, "")]
    [InlineData("1x1", ClusterMode.L2, false, "mitigations=on")]
    [InlineData("2x2", ClusterMode.Machine, true, "mitigations=on")]
    public void EveryTestPasses(string topology, ClusterMode mode, bool severalCpus, string append)
    {
        MachineResult result = QemuMachine.Run(Options(topology, mode, append)).Require(ExitStatus.Success);
        RecordLine[] tests = result.RecordsOf("test").ToArray();
        Assert.NotEmpty(tests);
        Assert.All(tests, test => Assert.Equal("pass", test.Word(1)));
        IEnumerable<string> names = tests.Select(test => test.Word(0));
        Assert.Contains("kernel-irq-messages", names);
        Assert.Equal(severalCpus ? _acrossCpus.Order() : [], names.Intersect(_acrossCpus).Order());
    }

    /// <summary>Here nothing but descriptors and page tables keeps ring 0 from a program's memory.</summary>
    [Fact]
    public void EveryTestPassesWithoutSmapAndSmep()
    {
        MachineOptions options = Options("1x1", ClusterMode.L2);
        // The last of two counts.
        string[] processor = ["-cpu", $"{options.Topology.CpuModel},smap=off,smep=off"];
        options = options with { ExtraArguments = [.. options.ExtraArguments, .. processor] };
        MachineResult result = QemuMachine.Run(options).Require(ExitStatus.Success);
        Assert.All(result.RecordsOf("test"), test => Assert.Equal("pass", test.Word(1)));
    }

    [Fact]
    public void InstructionCountsAreTheSameOnEveryRun()
    {
        MachineOptions options = Options("1x1", ClusterMode.L2, "icount=1") with
        {
            Accelerator = Accelerator.InstructionCount,
        };
        RecordLine[] first = Benches(options);
        RecordLine[] second = Benches(options);
        Assert.Equal(first.Select(line => line.ToString()), second.Select(line => line.ToString()));
        Assert.All(first, line => Assert.Equal("instructions", line.Fields["unit"]));
        Assert.InRange(Median(first, "call-roundtrip"), 1, InstructionBounds.CallRoundTrip);
        Assert.InRange(Median(first, "fault-map-resume"), 1, InstructionBounds.FaultMapResume);
    }

    private static RecordLine[] Benches(MachineOptions options) =>
        QemuMachine.Run(options).Require(ExitStatus.Success).RecordsOf("bench").ToArray();

    private static int Median(IEnumerable<RecordLine> benches, string name) =>
        int.Parse(benches.Single(line => line.Word(0) == name).Fields["median"], CultureInfo.InvariantCulture);

    private static MachineOptions Options(string topology, ClusterMode mode, string append = "") =>
        Guest.Options(
            Guest.Topology(topology),
            mode,
            "kerneltests",
            Guest.WithCore(Guest.Image("kerneltests")),
            append
        ) with
        {
            // A timer that sends its interrupts as messages.
            ExtraArguments = ["-global", "hpet.msi=on"],
        };
}
