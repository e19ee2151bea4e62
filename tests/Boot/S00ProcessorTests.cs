using System;
using System.IO;
using System.Linq;
using Skerry.Abi;
using Skerry.Boot.Entry;
using Skerry.Qemu;
using Skerry.Qemu.Machines;
using Skerry.Qemu.Topologies;
using Xunit;

namespace Skerry.Tests.Boot;

/// <summary>
/// The first instruction of all: on a processor that lacks what the images need, 1x1 ends in a boot failure that names
/// each missing feature; on one that just has it, in a success.
/// </summary>
[Collection(QemuCollection.Name)]
public sealed class S00ProcessorTests
{
    /// <summary>What QEMU calls a feature where it is not the usual name in small letters.</summary>
    private static readonly (string Name, string Property)[] _otherNames =
    [
        ("64-bit mode", "lm"),
        ("CMPXCHG8B", "cx8"),
        ("CMPXCHG16B", "cx16"),
        ("LAHF", "lahf-lm"),
    ];

    /// <summary>One of the features that QEMU's max has not here, but in some version, and what the CPU is to lack.</summary>
    public static TheoryData<string, string> FeaturesOfAnother
    {
        get
        {
            var all = new TheoryData<string, string>();
            foreach (RequiredFeature feature in RequiredFeatures.All.Where(feature => feature.Name != "APIC"))
            {
                all.Add($"{PropertyOf(feature.Name)}=off", feature.Name);
            }
            all.Add("syscall=off", "SYSCALL");
            all.Add("xsave=off", "XSAVE");
            all.Add("avx=off", "AVX");
            all.Add("mce=off", "MCE");
            all.Add("mca=off", "MCA");
            all.Add("mtrr=off", "MTRR");
            all.Add("pge=off", "PGE");
            all.Add("pdpe1gb=off", "1-GiB pages");
            all.Add("rdtscp=off", "RDTSCP");
            all.Add("smep=off", "SMEP");
            all.Add("smap=off", "SMAP");
            all.Add("umip=off", "UMIP");
            all.Add("xsavec=off,xsaveopt=off,xgetbv1=off,xsaves=off", "XSAVE's x87 and SSE");
            all.Add("level=12", "XSAVE's AVX");
            all.Add("phys-bits=39", "physical address bits");
            return all;
        }
    }

    public static TheoryData<string> Features => [.. RequiredFeatures.All.Select(feature => feature.Name)];

    [Theory]
    [InlineData("qemu64", "SSSE3, SSE4.1, SSE4.2, POPCNT")]
    [InlineData("kvm64", "SSSE3, SSE4.1, SSE4.2, POPCNT, LAHF")]
    [InlineData("Conroe", "CMPXCHG16B, SSE4.1, SSE4.2, POPCNT")]
    [InlineData("Opteron_G1", "SSSE3, CMPXCHG16B, SSE4.1, SSE4.2, POPCNT, LAHF")]
    [InlineData("qemu64,-nx", "NX, SSSE3, SSE4.1, SSE4.2, POPCNT")]
    [InlineData("max,-syscall,vendor=AuthenticAMD", "SYSCALL")]
    [InlineData(
        "pentium",
        "64-bit mode, NX, PAE, CMOV, PAT, FXSR, SSE, SSE2, SSE3, SSSE3, CMPXCHG16B, SSE4.1, SSE4.2, POPCNT, LAHF"
    )]
    public void WhatAProcessorLacksIsNamed(string model, string missing)
    {
        RecordLine exit = Run(model, ExitStatus.BootFailure).RecordsOf("exit").Single();
        Assert.Equal($"{(int)ExitCode.BootFailure}", exit.Word(0));
        Assert.Equal($"processor lacks {missing}", exit.Rest(1));
    }

    [Theory]
    [MemberData(nameof(Features))]
    public void EachFeatureIsLookedFor(string feature)
    {
        MachineResult result = Run($"max,-{PropertyOf(feature)}", ExitStatus.BootFailure);
        string missing = result.RecordsOf("exit").Single().Rest(1)["processor lacks ".Length..];
        Assert.Contains(feature, missing.Split(", "));
    }

    [Theory]
    [InlineData("Nehalem")]
    [InlineData("EPYC")]
    [InlineData("Opteron_G4")]
    [InlineData("Opteron_G5")]
    [InlineData("EPYC,-xsavec,-xsaveopt,-xgetbv1")]
    [InlineData("max,level=1")]
    [InlineData("max,level=7")]
    [InlineData("max,level=11")]
    [InlineData("qemu64,+ssse3,+sse4.1,+sse4.2,+popcnt")]
    public void AProcessorThatLacksNothingIsEnough(string model) => Run(model, ExitStatus.Success);

    /// <summary>The boot CPU has them all.</summary>
    [Theory]
    [MemberData(nameof(FeaturesOfAnother))]
    public void AnotherCpuThatLacksAFeatureIsLeftOut(string property, string feature)
    {
        MachineResult result = RunWithAnother(property, ClusterMode.Machine);
        string warning = result.Lines.Single(line => line.StartsWith("warning: CPU: lacks ", StringComparison.Ordinal));
        string[] parts = warning["warning: CPU: lacks ".Length..].Split("; it is left out (APIC id 0x1)");
        Assert.Equal(2, parts.Length);
        Assert.Contains(feature, parts[0].Split(", "));
        RecordLine topology = result.RecordsOf("topology").First();
        Assert.Equal("1", topology.Fields["cpus"]);
        Assert.Equal("1", topology.Fields["clusters"]);
    }

    /// <summary>What the boot CPU lacks is not used, though another one has it: they run threads in turn.</summary>
    [Theory]
    [InlineData("xsave")]
    [InlineData("avx")]
    [InlineData("smap")]
    [InlineData("pdpe1gb")]
    public void AnotherCpuThatHasMoreRuns(string property)
    {
        MachineResult result = RunWithAnother(
            $"{property}=on",
            ClusterMode.Machine,
            $"max,vendor=GenuineIntel,{property}=off"
        );
        Assert.Equal("2", result.RecordsOf("topology").First().Fields["cpus"]);
    }

    [Fact]
    public void TheReadmeNamesThemAll()
    {
        string text = File.ReadAllText(Path.Combine(Repository.Locate().Root, "README.md"));
        string line = text.Split('\n').Single(line => line.StartsWith("A processor needs ", StringComparison.Ordinal));
        Assert.All(RequiredFeatures.All, feature => Assert.Matches($@"\b{feature.Name}\b", line));
    }

    private static MachineResult Run(string model, ExitStatus expected)
    {
        string name = "processor-" + string.Concat(model.Where(char.IsLetterOrDigit));
        MachineOptions options = Guest.Options(Guest.Topology("1x1"), ClusterMode.L2, name, Guest.Smallest());
        return QemuMachine.Run(options with { ExtraArguments = ["-cpu", model] }).Require(expected);
    }

    /// <summary>1x1 with a second CPU whose features are others than the boot CPU's.</summary>
    private static MachineResult RunWithAnother(
        string property,
        ClusterMode mode,
        string model = "max,vendor=GenuineIntel"
    )
    {
        string name = "another-" + string.Concat((model + property).Where(char.IsLetterOrDigit));
        MachineOptions options = Guest.Options(Guest.Topology("1x1"), mode, name, Guest.Smallest());
        string[] arguments =
        [
            "-cpu",
            model,
            "-smp",
            "1,sockets=2,cores=1,threads=1,maxcpus=2",
            "-device",
            $"max-x86_64-cpu,socket-id=1,core-id=0,thread-id=0,{property}",
        ];
        return QemuMachine.Run(options with { ExtraArguments = arguments }).Require(ExitStatus.Success);
    }

    private static string PropertyOf(string feature) =>
        _otherNames.FirstOrDefault(other => other.Name == feature).Property ?? feature.ToLowerInvariant();
}
