using System;
using System.Collections.Generic;
using System.Globalization;
using System.IO;
using System.Linq;
using Skerry.Abi;
using Skerry.Qemu;
using Skerry.Qemu.Archive;
using Skerry.Qemu.Machines;
using Skerry.Qemu.Topologies;
using Skerry.Tests.Host.Boot;
using Skerry.Tests.Host.Qemu;
using Xunit;
using ImageMark = Skerry.Abi.Boot.ImageMark;

namespace Skerry.Tests.Boot;

/// <summary>
/// Bootstrap brings every CPU of any machine into its cluster's kernel, or says why not. A
/// stand-in takes the kernel's place.
/// </summary>
[Collection(QemuCollection.Name)]
public sealed class S01BootstrapTests : IDisposable
{
    private static readonly TimeSpan _patience = TimeSpan.FromSeconds(60);

    private readonly string _archive = Path.Combine(Path.GetTempPath(), $"skerry-{Guid.NewGuid():N}.tar");

    public void Dispose() => File.Delete(_archive);

    [Theory]
    [InlineData("1x1", "cluster=l2", 1, 1)]
    [InlineData("4x4", "", 16, 8)]
    [InlineData("4x4", "cluster=cpu", 16, 16)]
    [InlineData("4x4", "cluster=node", 16, 4)]
    [InlineData("4x4", "cluster=machine", 16, 1)]
    [InlineData("8x10", "cluster=l2", 80, 40)]
    [InlineData("memoryless-node", "cluster=l2", 6, 3)]
    [InlineData("cpuless-node", "cluster=l2", 4, 2)]
    [InlineData("more-nodes-than-cpus", "cluster=l2", 2, 2)]
    [InlineData("asymmetric-distances", "cluster=node", 6, 2)]
    [InlineData("no-srat", "cluster=node", 4, 1)]
    public void EveryCpuEntersItsKernel(string topology, string commandLine, int cpus, int clusters)
    {
        using QemuMachine machine = Start(TestFiles.Shipped(topology), commandLine);
        var letters = new List<char>();
        machine.WaitForLine(line => CollectLetters(line, letters) == cpus, _patience);
        char[] expected = [.. Enumerable.Range(0, cpus).Select(i => (char)('A' + i % ProbeKernel.Letters))];
        Assert.Equal(expected.Order(), letters.Order());
        RecordLine summary = Records(machine, "topology").First();
        Assert.Equal(
            ("0", $"{cpus}", $"{clusters}"),
            (summary.Fields["unused"], summary.Fields["cpus"], summary.Fields["clusters"])
        );
        Assert.Equal(clusters, Records(machine, "cluster").Count());
    }

    [Fact]
    public void TheTablesAreTold()
    {
        string second = Path.Combine(AppContext.BaseDirectory, "Host", "Boot", "Tables", "4x4-SRAT.bin");
        using QemuMachine machine = Start(
            TestFiles.Shipped("asymmetric-distances"),
            "cluster=cpus test=99:gp",
            "-acpitable",
            $"file={second}"
        );
        machine.WaitForLine(line => line.StartsWith("@cluster id=2", StringComparison.Ordinal), _patience);
        Assert.Contains(
            "warning: command line: has a value that nothing knows (cluster=cpus; known are l2, cpu, node, machine)",
            machine.Lines
        );
        Assert.Contains(
            "warning: command line: names a cluster that is not there (test=99:gp; there are 0 to 2)",
            machine.Lines
        );
        Assert.Contains("warning: SRAT: is there more than once; the first is used (tables 0x2)", machine.Lines);
        string[] distances =
        [
            .. Records(machine, "topology").Where(r => r.Fields.ContainsKey("node")).Select(r => r.Fields["distances"]),
        ];
        Assert.Equal(["10,21,17", "31,10,28", "17,40,10"], distances);
    }

    [Fact]
    public void AllMemoryOfManyNodesIsOwned()
    {
        IEnumerable<string> nodes = Enumerable
            .Range(0, 64)
            .Select(node => $$"""{ "memory": "16M", "cpus": {{(node < 16 ? 1 : 0)}} }""");
        Topology topology = TestFiles.Topology($$"""{ "name": "nodes", "nodes": [{{string.Join(',', nodes)}}] }""");
        using QemuMachine machine = Start(topology, "cluster=cpu");
        machine.WaitForLine(line => line.StartsWith("@cluster id=15", StringComparison.Ordinal), _patience);
        Assert.Equal("0", Records(machine, "topology").First().Fields["warnings"]);
        long owned = Records(machine, "cluster").Sum(r => long.Parse(r.Fields["owned"], CultureInfo.InvariantCulture));
        // But what is below 1 MiB, bootstrap's and the archive's.
        const long mebi = 1 << 20;
        Assert.InRange(owned, (64 * 16 - 4) * mebi, 64 * 16 * mebi);
    }

    [Fact]
    public void AHotPlugWindowIsNoMemory()
    {
        Topology topology = TestFiles.Topology(
            """{ "name": "windows", "nodes": [{ "memory": "128M", "cpus": 1 }, { "memory": "128M", "cpus": 1 }] }"""
        );
        using QemuMachine machine = Start(
            topology,
            "cluster=node",
            "-machine",
            "q35,nvdimm=on",
            "-m",
            "256M,slots=2,maxmem=4G"
        );
        machine.WaitForLine(line => line.StartsWith("@cluster id=1", StringComparison.Ordinal), _patience);
        RecordLine node1 = Records(machine, "topology").Single(r => r.Fields.GetValueOrDefault("node") == "1");
        Assert.Equal($"{128 << 20}", node1.Fields["memory"]);
        Assert.Equal("0", Records(machine, "topology").First().Fields["warnings"]);
    }

    [Fact]
    public void AClusterWithTooLittleMemoryIsLeftOut()
    {
        Topology topology = TestFiles.Topology(
            """{ "name": "small", "nodes": [{ "memory": "64M", "cpus": 1 }, { "memory": "6M", "cpus": 2 }] }"""
        );
        using QemuMachine machine = Start(topology, "cluster=cpu");
        var letters = new List<char>();
        machine.WaitForLine(line => CollectLetters(line, letters) == 2, _patience);
        Assert.Contains(
            machine.Lines,
            line =>
                line.StartsWith(
                    "warning: cluster: has too little memory in one piece; its CPUs stay unused (first APIC id 0x2, ",
                    StringComparison.Ordinal
                ) && line.EndsWith(" KiB missing)", StringComparison.Ordinal)
        );
        Assert.Equal("1", Records(machine, "topology").First().Fields["unused"]);
    }

    /// <summary>As if it had none.</summary>
    [Fact]
    public void ABootCpuWhoseNodeIsTooSmallRunsOnMemoryOfAnother()
    {
        Topology topology = TestFiles.Topology(
            """{ "name": "small-boot", "nodes": [{ "memory": "2M", "cpus": 1 }, { "memory": "64M", "cpus": 1 }] }"""
        );
        using QemuMachine machine = Start(topology, "cluster=cpu");
        var letters = new List<char>();
        machine.WaitForLine(line => CollectLetters(line, letters) == 2, _patience);
        Assert.Equal(['A', 'B'], letters.Order());
        Assert.Equal(["1", "1"], Records(machine, "cluster").Select(r => r.Fields["memory-node"]));
        Assert.Contains(
            machine.Lines,
            line => line.StartsWith("warning: cluster: has too little memory in one piece where it is nearest;")
        );
    }

    [Fact]
    public void WithoutMemoryForTheBootCpusKernelItIsSaidHowMuchIsNeeded()
    {
        WriteArchive(new() { ["kernel.elf"] = ProbeKernel.Build(), ["core.elf"] = Core() });
        Topology topology = TestFiles.Topology("""{ "name": "tiny", "nodes": [{ "memory": "3M", "cpus": 1 }] }""");
        MachineResult result = QemuMachine.Run(Options(topology, "")).Require(ExitStatus.BootFailure);
        Assert.Matches(
            @"^20 cluster 0 needs [2-5]\d{3} KiB of memory in one piece, and the largest has \d{3,4} KiB$",
            result.Reason
        );
    }

    [Fact]
    public void WithoutAnArchiveThereIsNoSystem() => Fails(null, "boot archive is missing (initrd)");

    [Fact]
    public void WithoutCoreThereIsNoSystem() =>
        Fails(new() { ["kernel.elf"] = ProbeKernel.Build() }, "core.elf is not in the boot archive");

    [Fact]
    public void ABrokenKernelIsRefused() =>
        Fails(
            new() { ["kernel.elf"] = ProbeKernel.Build()[..100], ["core.elf"] = Core() },
            "kernel.elf has program headers outside the file"
        );

    private void Fails(SortedDictionary<string, byte[]>? files, string reason)
    {
        MachineOptions options = Options(TestFiles.Shipped("1x1"), "") with { Archive = null };
        if (files is not null)
        {
            WriteArchive(files);
            options = options with { Archive = _archive };
        }
        MachineResult result = QemuMachine.Run(options).Require(ExitStatus.BootFailure);
        Assert.Equal($"{(byte)ExitCode.BootFailure} {reason}", result.Reason);
    }

    private QemuMachine Start(Topology topology, string commandLine, params string[] arguments)
    {
        WriteArchive(new() { ["kernel.elf"] = ProbeKernel.Build(), ["core.elf"] = Core() });
        return QemuMachine.Start(Options(topology, commandLine) with { ExtraArguments = arguments });
    }

    private MachineOptions Options(Topology topology, string commandLine) =>
        new()
        {
            Topology = topology,
            Kernel = Path.Combine(Repository.Locate().Images, "boot.elf"),
            Archive = _archive,
            CommandLine = commandLine,
            TimeLimit = _patience,
        };

    private void WriteArchive(SortedDictionary<string, byte[]> files)
    {
        using FileStream stream = File.Create(_archive);
        BootArchive.Write(stream, files);
    }

    private static byte[] Core() => ElfMaker.MakeWhole(UserLayout.ImageBase, ImageMark.Core);

    private static IEnumerable<RecordLine> Records(QemuMachine machine, string kind) =>
        machine.Lines.Select(RecordLine.Parse).OfType<RecordLine>().Where(record => record.Kind == kind);

    /// <summary>Lines of CPUs that print at once mix, but only with each other's.</summary>
    private static int CollectLetters(string line, List<char> letters)
    {
        if (line.All(c => c is >= 'A' and <= 'Z' or ProbeKernel.Failure))
        {
            letters.AddRange(line);
        }
        return letters.Count;
    }
}
