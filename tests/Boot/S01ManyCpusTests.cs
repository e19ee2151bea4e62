using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using Skerry.Qemu;
using Skerry.Qemu.Machines;
using Skerry.Qemu.Source;
using Skerry.Qemu.Topologies;
using Skerry.Tests.Host.Qemu;
using Xunit;

namespace Skerry.Tests.Boot;

/// <summary>
/// CPUs whose APIC ids have more than 8 bits. They are left out where the QEMU that is installed can't emulate x2APIC; then
/// such a machine must be refused before the boot.
/// </summary>
[Collection(QemuCollection.Name)]
public sealed class S01ManyCpusTests
{
    private const int Cpus = 288;

    /// <summary>Ids up to 455, with gaps, in 4 nodes; two CPUs share an L2.</summary>
    private const string Machine = """
        {
          "name": "wide",
          "threadsPerL2": 2,
          "nodes": [
            { "memory": "512M", "cpus": 72 }, { "memory": "512M", "cpus": 72 },
            { "memory": "512M", "cpus": 72 }, { "memory": "512M", "cpus": 72 }
          ]
        }
        """;

    private static readonly TimeSpan _patience = TimeSpan.FromMinutes(6);

    private static bool CanEmulate => QemuVersion.Installed is { } version && QemuVersion.HasX2Apic(version);

    [Theory]
    [InlineData(ClusterMode.L2, 144, 0)]
    [InlineData(ClusterMode.Machine, 2, 1)]
    public void EveryCpuEntersItsKernel(ClusterMode mode, int clusters, int warnings)
    {
        SkipUnlessEmulated();
        Topology topology = TestFiles.Topology(Machine);
        Dictionary<string, byte[]> archive = Guest.Smallest();
        archive["kernel.elf"] = ProbeKernel.Build();
        MachineOptions options = Guest.Options(topology, mode, "wide", archive) with { TimeLimit = _patience };
        using QemuMachine machine = QemuMachine.Start(options);
        var letters = new List<char>();
        machine.WaitForLine(
            line =>
            {
                letters.AddRange(line.All(c => c is >= 'A' and <= 'Z' or ProbeKernel.Failure) ? line : "");
                return letters.Count == Cpus;
            },
            _patience
        );
        Assert.Equal(
            Enumerable.Range(0, Cpus).Select(i => (char)('A' + i % ProbeKernel.Letters)).Order(),
            letters.Order()
        );
        RecordLine summary = machine.Lines.Select(RecordLine.Parse).First(record => record?.Kind == "topology")!;
        Assert.Equal(
            ("0", $"{Cpus}", $"{clusters}", $"{warnings}"),
            (summary.Fields["unused"], summary.Fields["cpus"], summary.Fields["clusters"], summary.Fields["warnings"])
        );
    }

    /// <summary>Doorbells, requests and timers of CPUs beyond the 255th.</summary>
    [Fact]
    public void ASystemRunsToItsEnd()
    {
        SkipUnlessEmulated();
        string path = Path.Combine(Repository.Locate().Output, "test", "wide.json");
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllText(path, Machine);
        SystemFile.RunDemo(path, ClusterMode.Node, limit: _patience).Require(ExitStatus.Success);
    }

    [Fact]
    public void AQemuThatCannotBeTheMachineIsNotStarted()
    {
        Assert.SkipWhen(CanEmulate, $"QEMU {QemuVersion.Installed} can be the machine");
        MachineOptions options = Guest.Options(
            TestFiles.Topology(Machine),
            ClusterMode.L2,
            "wide-refused",
            Guest.Smallest()
        );
        BadInputException refusal = Assert.Throws<BadInputException>(() => QemuMachine.Run(options));
        Assert.Contains($"the QEMU that is installed is {QemuVersion.Installed}", refusal.Message);
    }

    private static void SkipUnlessEmulated() =>
        Assert.SkipUnless(CanEmulate, $"QEMU {QemuVersion.Installed} emulates no x2APIC; 9.0 and later do");
}
