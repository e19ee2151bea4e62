using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Runtime.InteropServices;
using Skerry.Base.Configuration;
using Skerry.Qemu;
using Skerry.Qemu.Archive;
using Skerry.Qemu.Configuration;
using Skerry.Qemu.Machines;
using Skerry.Qemu.Topologies;
using Skerry.Tests.Host.Qemu;
using Xunit;

namespace Skerry.Tests.Boot;

/// <summary>
/// What a system does whose configuration does not match the machine that it finds itself on: no host has checked these.
/// It ends, and says who is missing.
/// </summary>
[Collection(QemuCollection.Name)]
public sealed class S04HomelessTests
{
    /// <summary>The second node's cluster can't start; the boot archive lies at the end of memory, in the third's.</summary>
    private const string Small =
        """{ "name": "small", "nodes": [{ "memory": "96M", "cpus": 1 }, { "memory": "2M", "cpus": 1 }, { "memory": "64M", "cpus": 1 }] }""";

    private static string Vcore(int cluster) =>
        $$"""
            { "vcores": [{ "name": "v", "cpus": { "clusters": [{{cluster}}] }, "memory": [{ "node": "local", "size": "1M" }],
              "children": [{ "name": "reader", "binary": "rom-reader", "ram": "512K", "arguments": "system.bin", "essential": true }] }] }
            """;

    private static string CoreChild(int cluster) =>
        $$"""
            { "children": [{ "name": "reader", "binary": "rom-reader", "arguments": "system.bin", "cluster": {{cluster}},
              "essential": true }] }
            """;

    [Fact]
    public void AVcoreOfAParkedCluster() =>
        Ends(Vcore(1), "child reader of vcore v has no home: cluster 1 has too little memory");

    [Fact]
    public void AChildOfAParkedCluster() =>
        Ends(CoreChild(1), "child reader has no home: cluster 1 has too little memory");

    [Fact]
    public void AVcoreOfAClusterThatIsNotThere() => Ends(Vcore(7), "vcore v has no home: there is no cluster 7");

    [Fact]
    public void AChildOfAClusterThatIsNotThere() =>
        Ends(CoreChild(3), "child reader has no home: there is no cluster 3");

    /// <summary>It is the second kernel's, and the third cluster that the configuration means.</summary>
    [Fact]
    public void BehindAParkedClusterTheNumbersStay()
    {
        MachineResult result = Run(Vcore(2)).Require(ExitStatus.Success);
        Assert.Contains("cluster 1, as configured: core, vcore v (reader)", result.Lines);
        Assert.Contains(
            result.Lines,
            line => line.StartsWith("warning: cluster: has too little memory") && line.EndsWith(" KiB missing)")
        );
    }

    /// <summary>Whatever a cluster has: its core starts, or it was left out. None is silent.</summary>
    [Theory]
    [InlineData(3, 1, "off")]
    [InlineData(4, 1, "off")]
    [InlineData(4, 1, "on")]
    [InlineData(5, 4, "off")]
    [InlineData(5, 4, "on")]
    [InlineData(6, 12, "on")]
    [InlineData(7, 12, "on")]
    [InlineData(8, 12, "off")]
    [InlineData(10, 30, "on")]
    [InlineData(11, 30, "on")]
    public void ASmallClusterStartsOrIsLeftOut(int megabytes, int cpus, string mitigations)
    {
        string topology = Small.Replace("\"2M\", \"cpus\": 1", $"\"{megabytes}M\", \"cpus\": {cpus}");
        MachineResult result = Run(CoreChild(1), topology, ClusterMode.Node, $"mitigations={mitigations}");
        bool isThere = result.RecordsOf("cluster").Any(line => line.Fields["node"] == "1");
        result.Require(isThere ? ExitStatus.Success : ExitStatus.ComponentFailure);
    }

    /// <summary>A program whose entry is no code of it, wherever it lies, is none: its start is no success.</summary>
    [Theory]
    [InlineData(ulong.MaxValue)]
    [InlineData(0x8000_0000_0000)]
    [InlineData(0xffff_ffff_8000_0000)]
    [InlineData(0x1000)]
    public void AProgramWithAWildEntry(ulong entry)
    {
        MachineResult result = Run(
            CoreChild(0),
            spoil: files => BitConverter.TryWriteBytes(files[Reader].AsSpan(24), entry)
        );
        result.Require(ExitStatus.ComponentFailure);
        Assert.Contains(result.Lines, line => line.Contains("reader not started"));
    }

    /// <summary>It is said whether the quota or the memory lacks, with what was needed and what there was.</summary>
    [Theory]
    [InlineData("16K", "its quota does not suffice: (4|16|32|64) KiB more needed, [0-9]+ (B|KiB) left of it")]
    [InlineData("2G", "the memory here does not suffice for its quota: 2 GiB needed, [0-9]+ KiB there")]
    public void AChildThatThereIsTooLittleFor(string ram, string words)
    {
        string json = CoreChild(0).Replace("\"essential\"", $"\"ram\": \"{ram}\", \"essential\"");
        MachineResult result = Run(json).Require(ExitStatus.ComponentFailure);
        Ends(result, "essential child reader could not be started");
        Assert.Matches(
            $"core: child reader not started: {words}$",
            result.Lines.Single(line => line.Contains("not started"))
        );
    }

    /// <summary>Its end would be taken for that of its children, of which it knows nothing.</summary>
    [Theory]
    [InlineData(0, "vcore v could not be started")]
    [InlineData(1, "cluster 1: v failed")]
    public void AVcoreThatIsAComponent(int cluster, string reason)
    {
        MachineResult result = Run(
            Vcore(cluster),
            TwoNodes,
            spoil: files => files["vcore.elf"] = Guest.Image("toucher")
        );
        Ends(result, reason);
        Assert.Contains(result.Lines, line => line.EndsWith("vcore v could not be started"));
        Assert.Contains("core: child v not started: its program is no vcore: it has no VcoreMain", result.Lines);
    }

    /// <summary>The same with a vcore's mark: a 0 is no word of the children.</summary>
    [Fact]
    public void AVcoreThatServesNobody()
    {
        MachineResult result = Run(
            Vcore(0),
            spoil: files =>
            {
                byte[] image = Guest.Image("toucher");
                Span<byte> name = image.AsSpan(image.AsSpan().IndexOf("\0SkerryMain\0"u8));
                "\0VcoreMain\0"u8.CopyTo(name);
                files["vcore.elf"] = image;
            }
        );
        Ends(result, "essential child v failed");
        Assert.Contains("core: vcore v ended without a word of its children", result.Lines);
    }

    /// <summary>Beyond the memory, and where the kernel lies: the second part is the instance's own to see.</summary>
    [Theory]
    [InlineData("0x100000000", "64M", "vcore v: 64 MiB from 0x100000000 on are of no cluster where it has CPUs")]
    [InlineData("0x4000000", "8M", "vcore v: 8 MiB from 0x4000000 on are of no cluster where it has CPUs")]
    [InlineData("0x200000", "4M", "essential child v failed")]
    public void AVcoreWhoseMemoryIsNotThere(string start, string size, string reason)
    {
        string json = Vcore(0).Replace("\"1M\" }", $"\"1M\" }}, {{ \"start\": \"{start}\", \"size\": \"{size}\" }}");
        MachineResult result = Run(json, TwoNodes);
        Ends(result, reason);
        Assert.Equal(
            reason.StartsWith("essential"),
            result.Lines.Any(line => line.Contains("of the memory that the configuration names here, 5 MiB, only "))
        );
    }

    private const string TwoNodes =
        """{ "name": "two", "nodes": [{ "memory": "64M", "cpus": 1 }, { "memory": "64M", "cpus": 1 }] }""";

    private const string Reader = "rom-reader.elf";

    /// <summary>It is not memory that is missing.</summary>
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void AnArchiveWithoutAConfiguration(bool isEmpty) =>
        Ends(
            Run(
                CoreChild(0),
                spoil: files =>
                {
                    files.Remove(BootArchive.ConfigurationEntry);
                    if (isEmpty)
                    {
                        files[BootArchive.ConfigurationEntry] = [];
                    }
                }
            ),
            "core: system.bin is not in the boot archive, or is empty"
        );

    /// <summary>The host refuses its file; an archive of another make would end well and at once.</summary>
    [Fact]
    public void ASystemWithoutAnEssentialChild() =>
        Ends(
            Run(CoreChild(0), spoil: files => ClearFlags(files[BootArchive.ConfigurationEntry])),
            "core: system.bin has no essential child: the system would end at once"
        );

    private static void ClearFlags(byte[] configuration)
    {
        SystemConfiguration.Open(configuration, out SystemConfiguration system);
        int flags = (int)Marshal.OffsetOf<ChildRecord>(nameof(ChildRecord.Flags));
        configuration.AsSpan((int)system.Header.Children.Offset + flags, sizeof(ChildFlags)).Clear();
    }

    private static void Ends(string json, string reason) => Ends(Run(json), reason);

    private static void Ends(MachineResult result, string reason)
    {
        result.Require(ExitStatus.ComponentFailure);
        Assert.Equal("@exit 18 " + reason, result.Lines.Single(line => line.StartsWith("@exit")));
    }

    private static MachineResult Run(
        string json,
        string topology = Small,
        ClusterMode mode = ClusterMode.L2,
        string append = "",
        Action<Dictionary<string, byte[]>>? spoil = null
    )
    {
        Dictionary<string, byte[]> archive = new[] { "kernel", "core", "vcore", "rom-reader" }.ToDictionary(
            name => name + ".elf",
            Guest.Image
        );
        archive[BootArchive.ConfigurationEntry] = SystemWriter.Write(TestFiles.System(json));
        spoil?.Invoke(archive);
        return QemuMachine.Run(Guest.Options(TestFiles.Topology(topology), mode, "homeless", archive, append));
    }
}
