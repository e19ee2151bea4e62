using System;
using System.Globalization;
using System.IO;
using System.Linq;
using Skerry.Qemu.Machines;
using Skerry.Qemu.Topologies;
using Xunit;

namespace Skerry.Tests.Host.Qemu;

/// <summary>Every shipped topology in real QEMU: it is accepted, and CPUID says what bootstrap forms clusters by.</summary>
[Collection(QemuCollection.Name)]
public sealed class TopologyMachineTests
{
    private const uint CacheLeaf = 4;
    private const uint L2Subleaf = 2;

    public static TheoryData<string> Shipped => [.. TopologyCatalog.Names(Skerry.Qemu.Repository.Locate())];

    [Theory]
    [MemberData(nameof(Shipped))]
    public void SaysTheSharingOfItsL2(string name)
    {
        Topology topology = TestFiles.Shipped(name);
        uint[] registers = Cpuid(topology, CacheLeaf, L2Subleaf);
        // Intel SDM volume 2, CPUID leaf 4: eax 7:5 level, 25:14 largest number of APIC ids that share it, less one.
        Assert.Equal(2u, (registers[0] >> 5) & 7);
        uint sharing = ((registers[0] >> 14) & 0xfff) + 1;
        Assert.Equal((uint)topology.ThreadsPerL2, sharing);
    }

    [Fact]
    public void TheCpuHasWhatTheKernelUses()
    {
        Topology topology = TestFiles.Shipped("4x4");
        uint[] structured = Cpuid(topology, 7, 0);
        uint[] extended = Cpuid(topology, 0x8000_0001, 0);
        uint[] basic = Cpuid(topology, 1, 0);
        AssertBits(structured[1], 0, 7, 20); // FSGSBASE, SMEP, SMAP
        AssertBits(structured[2], 2); // UMIP
        // Not SYSCALL (bit 11): an Intel processor says it in 64-bit mode alone, where all have it (Intel SDM vol. 2A, CPUID).
        AssertBits(extended[3], 20, 26, 29); // NX, 1 GiB pages, long mode
        AssertBits(basic[2], 26, 28); // XSAVE, AVX
    }

    private static void AssertBits(uint register, params int[] bits) =>
        Assert.All(bits, bit => Assert.True((register >> bit & 1) == 1, $"bit {bit} of {register:x8}"));

    /// <returns>eax, ebx, ecx, edx.</returns>
    private static uint[] Cpuid(Topology topology, uint leaf, uint subleaf)
    {
        string guest = new GuestProgram().PrintCpuid(leaf, subleaf).Exit(0x10).Save();
        var options = new MachineOptions
        {
            Topology = topology,
            Kernel = guest,
            TimeLimit = TimeSpan.FromSeconds(60),
        };
        MachineResult result = QemuMachine.Run(options).Require(ExitStatus.Success);
        File.Delete(guest);
        Assert.Empty(result.Complaints);
        return result
            .Lines.Select(line => uint.Parse(line, NumberStyles.HexNumber, CultureInfo.InvariantCulture))
            .ToArray();
    }
}
