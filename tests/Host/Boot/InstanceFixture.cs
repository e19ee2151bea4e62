using System;
using System.Runtime.InteropServices;
using Skerry.Abi.Boot;
using Skerry.Boot.Clusters;
using Skerry.Boot.Loading;
using Skerry.Boot.Memory;
using Skerry.Boot.Topology;

namespace Skerry.Tests.Host.Boot;

/// <summary>A 4x4-like machine whose memory is a buffer full of junk, with its instances built in it.</summary>
internal sealed unsafe class InstanceFixture : IDisposable
{
    public const ulong MemoryBase = 0x4000_0000;
    public const ulong MemoryBytes = 64 << 20;
    public const ulong EntryCode = 0x12_3000;
    public const ulong LocalApic = 0xfee0_0000;
    public const string CommandLine = "cluster=l2 words for core";

    private readonly byte* _buffer;
    private readonly byte[] _kernel = ElfMaker.MakeWhole(KernelLayout.Image);
    private readonly byte[] _core = ElfMaker.MakeWhole(Skerry.Abi.UserLayout.ImageBase);

    public InstanceFixture(bool hasHugePages)
    {
        _buffer = (byte*)NativeMemory.AlignedAlloc((nuint)MemoryBytes, 4096);
        new Span<byte>(_buffer, (int)MemoryBytes).Fill(0xa5);
        Memory = new PhysicalMemory(_buffer, MemoryBase);
        ulong start = MemoryBase / MachineBuilder.Mebi;
        Machine.Memory(0, start, 24).Memory(1, start + 25, 39);
        for (uint id = 0; id < 8; id++)
        {
            Machine.Cpu(id, domain: id / 4, l2Shift: 1);
        }
        Machine.Build().Form(ClusterMode.L2);
        Machine.Divide();
        HasHugePages = hasHugePages;
    }

    public PhysicalMemory Memory { get; }
    public MachineBuilder Machine { get; } = new();
    private bool HasHugePages { get; }

    /// <summary>Two I/O APICs, of which the second does not begin a page.</summary>
    private static InterruptSources Interrupts
    {
        get
        {
            var sources = new InterruptSources { IoApicCount = 2 };
            sources.IoApics[0] = new IoApicDescription { PhysicalAddress = 0xfec0_0000, InputCount = 24 };
            sources.IoApics[1] = new IoApicDescription { PhysicalAddress = 0xfec1_0400, FirstInterrupt = 24 };
            return sources;
        }
    }

    public ReadOnlySpan<byte> Kernel => _kernel;

    public InstanceInputs Inputs
    {
        get
        {
            Assert(ElfImage.Open(_kernel, KernelLayout.Image, KernelLayout.LocalApic, out ElfImage kernel));
            Assert(ElfImage.Open(_core, 0x1000, Skerry.Abi.UserLayout.UserEnd, out ElfImage core));
            return new InstanceInputs
            {
                Memory = Memory,
                Kernel = kernel,
                Core = core,
                Archive = new PhysicalRange { Base = 0x8000_0000, Length = 0x5000 },
                MachineBytes = MachineDescriptionWriter.MaximumBytes(
                    ref Machine.Machine,
                    OwnedMemory.Capacity,
                    CommandLine.Length
                ),
                LocalApic = LocalApic,
                Interrupts = Interrupts,
                TscHertz = 1_000_000_007,
                ApicTimerHertz = 1_000_003,
                EntryCodePage = EntryCode,
                HasHugePages = HasHugePages,
            };
        }
    }

    public bool Build(uint cluster, DeliberateFault fault = DeliberateFault.None) =>
        Build(cluster, HomeOf(cluster), fault);

    public bool Build(uint cluster, PhysicalRange home, DeliberateFault fault)
    {
        var scratch = new RangeSet();
        return InstanceBuilder.Build(
            Inputs,
            cluster,
            ref Machine.Clusters,
            ref Machine.Machine,
            ref Machine.Shares,
            home,
            fault,
            ref scratch,
            ref Machine.Warnings
        );
    }

    public PhysicalRange HomeOf(uint cluster) =>
        ClusterSelection.HomeOf(ref Machine.Shares, cluster, Machine.Clusters.Items[(int)cluster].MemoryNode);

    public ref BootInformation Information(uint cluster) =>
        ref *(BootInformation*)Memory.At(Machine.Clusters.Items[(int)cluster].Information);

    /// <summary>Walks the tables as a CPU does.</summary>
    /// <returns>False: not mapped; a table outside of memory throws.</returns>
    public bool Translate(ulong root, ulong address, out ulong physical, out PageRights rights)
    {
        ulong table = root;
        physical = 0;
        rights = 0;
        for (int level = 4; level >= 1; level--)
        {
            ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(table - MemoryBase, MemoryBytes);
            int shift = 12 + 9 * (level - 1);
            ulong entry = *(ulong*)Memory.At(table + (address >> shift & 511) * 8);
            rights = (PageRights)(entry & 0xfff0_0000_0000_0fff);
            if ((rights & PageRights.Present) == 0)
            {
                return false;
            }
            table = entry & 0x000f_ffff_ffff_f000;
            if (level == 1 || (rights & PageRights.Large) != 0)
            {
                physical = table + (address & ((1ul << shift) - 1));
                return true;
            }
        }
        return false;
    }

    public void Dispose() => NativeMemory.AlignedFree(_buffer);

    private static void Assert(ElfStatus status) => Xunit.Assert.Equal(ElfStatus.Valid, status);
}
