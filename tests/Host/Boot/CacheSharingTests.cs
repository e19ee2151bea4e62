using System;
using System.Collections.Generic;
using Skerry.Boot.Clusters;
using Xunit;

namespace Skerry.Tests.Host.Boot;

/// <summary>CPUID as various CPUs answer it.</summary>
public sealed class CacheSharingTests
{
    private const uint Data = 1;
    private const uint Instruction = 2;
    private const uint Unified = 3;
    private const uint AmdFeatures = 0x8000_0001;
    private const uint AmdCaches = 0x8000_001d;
    private const uint TopologyExtensions = 1 << 22;

    [Theory]
    [InlineData(1, 16, 0, 4)]
    [InlineData(2, 16, 1, 4)]
    [InlineData(4, 6, 2, 3)]
    [InlineData(3, 255, 2, 8)]
    public void IntelTellsByLeaf4(uint l2Cpus, uint l3Cpus, byte l2Shift, byte l3Shift)
    {
        FakeCpuid.Start(largest: 4, largestExtended: 0x8000_0008);
        Caches(4, (Data, 1, 2), (Instruction, 1, 2), (Unified, 2, l2Cpus), (Unified, 3, l3Cpus));
        Assert.Equal((l2Shift, l3Shift), Read());
    }

    [Fact]
    public void AmdTellsByLeaf8000001DIfItHasTopologyExtensions()
    {
        FakeCpuid.Start(largest: 0x10, largestExtended: 0x8000_001f);
        Caches(4, (Unified, 2, 8), (Unified, 3, 8));
        Caches(AmdCaches, (Data, 1, 2), (Unified, 2, 2), (Unified, 3, 16));
        FakeCpuid.Set(AmdFeatures, 0, new CpuidRegisters { Ecx = TopologyExtensions });
        Assert.Equal(((byte)1, (byte)4), Read());
        FakeCpuid.Set(AmdFeatures, 0, default);
        Assert.Equal(((byte)3, (byte)3), Read());
    }

    [Theory]
    [InlineData(0xbu)]
    [InlineData(0x1fu)]
    public void WithoutCacheLeavesTheCpusOfACoreShare(uint leaf)
    {
        FakeCpuid.Start(largest: leaf, largestExtended: 0x8000_0008);
        FakeCpuid.Set(
            leaf,
            0,
            new CpuidRegisters
            {
                Eax = 1,
                Ebx = 2,
                Ecx = 0x100,
            }
        );
        FakeCpuid.Set(
            leaf,
            1,
            new CpuidRegisters
            {
                Eax = 4,
                Ebx = 16,
                Ecx = 0x201,
            }
        );
        Assert.Equal(((byte)1, (byte)4), Read());
    }

    [Fact]
    public void ACpuThatTellsNothingIsAlone()
    {
        FakeCpuid.Start(largest: 1, largestExtended: 0);
        Assert.Equal(((byte)0, (byte)0), Read());
    }

    [Fact]
    public void AListOfCachesWithoutAnEndEnds()
    {
        FakeCpuid.Start(largest: 4, largestExtended: 0);
        FakeCpuid.Everywhere(4, Cache(Data, 1, 1));
        Assert.Equal(((byte)0, (byte)0), Read());
    }

    [Fact]
    public void AnInstructionCacheOfLevel2DoesNotCount()
    {
        FakeCpuid.Start(largest: 4, largestExtended: 0);
        Caches(4, (Instruction, 2, 16), (Unified, 2, 2));
        Assert.Equal(((byte)1, (byte)0), Read());
    }

    [Fact]
    public void GroupsAreNumberedAsTheyAreMet()
    {
        var groups = new CacheGroups();
        Assert.Equal([0u, 0u, 1u, 2u, 1u], [G(4, 1), G(5, 1), G(8, 1), G(8, 2), G(9, 1)]);
        Assert.Equal(3u, G(200, 40));

        uint G(uint apicId, byte shift) => groups.GroupOf(apicId, shift);
    }

    private static (byte L2, byte L3) Read()
    {
        CacheSharing sharing = CacheSharingReader<FakeCpuid>.Read();
        return (sharing.L2Shift, sharing.L3Shift);
    }

    private static void Caches(uint leaf, params (uint Type, uint Level, uint Cpus)[] caches)
    {
        for (int i = 0; i < caches.Length; i++)
        {
            FakeCpuid.Set(leaf, (uint)i, Cache(caches[i].Type, caches[i].Level, caches[i].Cpus));
        }
    }

    private static CpuidRegisters Cache(uint type, uint level, uint cpus) =>
        new() { Eax = type | level << 5 | (cpus - 1) << 14 };

    private readonly struct FakeCpuid : ICpuid
    {
        [ThreadStatic]
        private static Dictionary<(uint, uint), CpuidRegisters>? leaves;

        [ThreadStatic]
        private static Dictionary<uint, CpuidRegisters>? everywhere;

        public static void Start(uint largest, uint largestExtended)
        {
            leaves = [];
            everywhere = [];
            Set(0, 0, new CpuidRegisters { Eax = largest });
            Set(0x8000_0000, 0, new CpuidRegisters { Eax = largestExtended });
        }

        public static void Set(uint leaf, uint subleaf, CpuidRegisters registers) =>
            leaves![(leaf, subleaf)] = registers;

        public static void Everywhere(uint leaf, CpuidRegisters registers) => everywhere![leaf] = registers;

        public static CpuidRegisters Read(uint leaf, uint subleaf)
        {
            if (everywhere!.TryGetValue(leaf, out CpuidRegisters same))
            {
                return same;
            }
            return leaves!.GetValueOrDefault((leaf, subleaf));
        }
    }
}
