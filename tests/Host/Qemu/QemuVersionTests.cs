using System;
using Skerry.Qemu.Machines;
using Skerry.Qemu.Topologies;
using Xunit;

namespace Skerry.Tests.Host.Qemu;

/// <summary>Machines that a QEMU can't be are refused before it is started.</summary>
public sealed class QemuVersionTests
{
    private const string ManyCpus = """{ "name": "wide", "nodes": [{ "memory": "1G", "cpus": 288 }] }""";

    [Theory]
    [InlineData("QEMU emulator version 7.2.22 (Debian 1:7.2+dfsg-7+deb12u18+b3)\nCopyright", "7.2.22")]
    [InlineData("QEMU emulator version 10.0.13 (Debian 1:10.0.13+ds-0+deb13u1)", "10.0.13")]
    [InlineData("QEMU emulator version 9.0\n", "9.0")]
    [InlineData("something else", null)]
    public void TheVersionIsRead(string text, string? version) =>
        Assert.Equal(version, QemuVersion.Parse(text)?.ToString());

    [Theory]
    [InlineData("7.2.22", Accelerator.Emulation, true)]
    [InlineData("8.2.0", Accelerator.EmulationByTurns, true)]
    [InlineData("9.0", Accelerator.Emulation, false)]
    [InlineData("10.0.13", Accelerator.EmulationByTurns, false)]
    [InlineData("7.2.22", Accelerator.Kvm, false)]
    public void MoreThan255CpusTakeX2Apic(string version, Accelerator accelerator, bool isRefused)
    {
        Topology topology = TestFiles.Topology(ManyCpus);
        string? reason = QemuVersion.WhyNot(topology, accelerator, Version.Parse(version));
        Assert.Equal(
            isRefused
                ? "wide has 288 CPUs, with APIC ids up to 287: ids above 254 take x2APIC, which QEMU emulates from 9.0 on; "
                    + $"the QEMU that is installed is {version}"
                : null,
            reason
        );
    }

    [Fact]
    public void AllOthersTakeNothing() =>
        Assert.Null(QemuVersion.WhyNot(TestFiles.Shipped("many"), Accelerator.Emulation, Version.Parse("7.2")));

    [Fact]
    public void InstructionsAreCountedWithoutX2Apic()
    {
        Topology topology = TestFiles.Topology(ManyCpus);
        Assert.Equal(
            "wide takes x2APIC, which QEMU does not emulate while it counts instructions",
            QemuVersion.WhyNot(topology, Accelerator.InstructionCount, Version.Parse("10.0.13"))
        );
        var options = new MachineOptions
        {
            Kernel = "boot.elf",
            Topology = TestFiles.Shipped("1x1"),
            Accelerator = Accelerator.InstructionCount,
        };
        Assert.Contains("max,vendor=GenuineIntel,-x2apic", QemuArguments.For(options));
    }

    /// <summary>Fewer than 255 CPUs, whose ids have gaps.</summary>
    [Fact]
    public void GapsCountToo()
    {
        Topology topology = TestFiles.Topology(
            """{ "nodes": [{ "memory": "1G", "cpus": 129 }, { "memory": "1G", "cpus": 129 }] }"""
        );
        Assert.True(topology.Shape.NeedsX2Apic);
        Assert.Equal(256 + 128, topology.Cpus[^1].ApicId);
    }
}
