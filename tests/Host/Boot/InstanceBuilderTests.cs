using System;
using System.Linq;
using Skerry.Abi;
using Skerry.Abi.Boot;
using Skerry.Base.Needs;
using Skerry.Boot.Clusters;
using Skerry.Boot.Memory;
using Xunit;

namespace Skerry.Tests.Host.Boot;

/// <summary>What a kernel instance finds when its CPUs enter it.</summary>
public sealed unsafe class InstanceBuilderTests : IDisposable
{
    private const ulong Page = PhysicalMemory.PageSize;

    private readonly InstanceFixture _fixture = new(hasHugePages: false);

    public InstanceBuilderTests()
    {
        for (uint i = 0; i < 4; i++)
        {
            Assert.True(_fixture.Build(i, i == 2 ? DeliberateFault.DoubleFault : DeliberateFault.None));
        }
    }

    public void Dispose() => _fixture.Dispose();

    [Fact]
    public void TheKernelIsToldWhoItIs()
    {
        for (uint i = 0; i < 4; i++)
        {
            ref BootInformation information = ref _fixture.Information(i);
            Assert.Equal(BootInformation.ExpectedMagic, information.Magic);
            Assert.Equal((i, 4u, 2u), (information.ClusterId, information.ClusterCount, information.CpuCount));
            Assert.Equal(i == 0 ? BootFlags.Root : BootFlags.None, information.Flags);
            Assert.Equal(i == 2 ? DeliberateFault.DoubleFault : DeliberateFault.None, information.DeliberateFault);
            Assert.Equal((2 * i + 1, 2 * i + 1), (information.Cpus[1].ApicId, information.Cpus[1].MachineCpu));
            Assert.Equal(KernelLayout.StackTop(1), information.Cpus[1].StackTop);
            Assert.Equal((0x800ul, 0x1c00ul), (information.KernelTextBytes, information.KernelDataBytes));
        }
    }

    [Fact]
    public void ItsImageIsACopyInItsOwnMemoryWithZerosBehind()
    {
        for (uint i = 0; i < 4; i++)
        {
            ref BootInformation information = ref _fixture.Information(i);
            AssertOwned(ref information, information.KernelImage);
            var copy = new ReadOnlySpan<byte>(
                _fixture.Memory.At(information.KernelImage.Base),
                (int)information.KernelImage.Length
            );
            Assert.True(copy[..0x800].SequenceEqual(_fixture.Kernel.Slice(0x1000, 0x800)));
            Assert.True(copy.Slice(0x2000, 0x20).SequenceEqual(_fixture.Kernel.Slice(0x2000, 0x20)));
            Assert.Equal(-1, copy[0x2020..].IndexOfAnyExcept((byte)0));
        }
    }

    [Fact]
    public void TheImageIsMappedWithTheRightsOfItsSegments()
    {
        ref BootInformation information = ref _fixture.Information(1);
        const PageRights rights = PageRights.Present | PageRights.Writable | PageRights.NoExecute;
        PageRights[] expected = [PageRights.Present, PageRights.Present | PageRights.NoExecute, rights, rights];
        for (ulong page = 0; page < 4; page++)
        {
            Assert.True(
                _fixture.Translate(
                    information.RootTable,
                    KernelLayout.Image + page * Page,
                    out ulong physical,
                    out PageRights got
                )
            );
            Assert.Equal(information.KernelImage.Base + page * Page, physical);
            Assert.Equal(expected[page], got & rights);
        }
        Assert.False(_fixture.Translate(information.RootTable, KernelLayout.Image + 4 * Page, out _, out _));
    }

    [Fact]
    public void TheDirectMapIsItsOwnMemoryAndNoOther()
    {
        ref BootInformation information = ref _fixture.Information(1);
        for (
            ulong address = InstanceFixture.MemoryBase;
            address < InstanceFixture.MemoryBase + InstanceFixture.MemoryBytes;
            address += Page
        )
        {
            bool isMapped = _fixture.Translate(
                information.RootTable,
                KernelLayout.DirectMap + address,
                out ulong physical,
                out PageRights rights
            );
            Assert.Equal(IsIn(ref information.Owned, address), isMapped);
            if (isMapped)
            {
                bool isText = address - information.KernelImage.Base < Page;
                Assert.Equal(address, physical);
                Assert.Equal(!isText, rights.HasFlag(PageRights.Writable));
                Assert.True(rights.HasFlag(PageRights.NoExecute));
            }
        }
    }

    [Fact]
    public void EachStackHasAPageBelowThatIsNotMapped()
    {
        ref BootInformation information = ref _fixture.Information(3);
        for (uint cpu = 0; cpu < information.CpuCount; cpu++)
        {
            ulong top = KernelLayout.StackTop(cpu);
            ulong bottom = top - KernelLayout.StackSlotSize;
            Assert.False(_fixture.Translate(information.RootTable, bottom, out _, out _));
            for (ulong address = bottom + Page; address < top; address += Page)
            {
                Assert.True(
                    _fixture.Translate(information.RootTable, address, out ulong physical, out PageRights rights)
                );
                Assert.True(IsIn(ref information.Owned, physical) && !IsIn(ref information.Free, physical));
                Assert.True(rights.HasFlag(PageRights.Writable | PageRights.NoExecute));
            }
        }
        Assert.False(
            _fixture.Translate(information.RootTable, KernelLayout.StackTop(information.CpuCount), out _, out _)
        );
    }

    [Fact]
    public void TheApicIsUncachedAndTheEntryCodeExecutable()
    {
        ref BootInformation information = ref _fixture.Information(0);
        Assert.True(
            _fixture.Translate(information.RootTable, KernelLayout.LocalApic, out ulong apic, out PageRights rights)
        );
        Assert.Equal(InstanceFixture.LocalApic, apic);
        Assert.True(rights.HasFlag(PageRights.CacheDisable | PageRights.NoExecute | PageRights.Writable));
        Assert.True(_fixture.Translate(information.RootTable, InstanceFixture.EntryCode, out ulong entry, out rights));
        Assert.Equal(InstanceFixture.EntryCode, entry);
        Assert.Equal(PageRights.Present, rights & (PageRights.Present | PageRights.Writable | PageRights.NoExecute));
        Assert.False(_fixture.Translate(information.RootTable, InstanceFixture.EntryCode + Page, out _, out _));
    }

    [Fact]
    public void TheIoApicsAreTheBootClustersAlone()
    {
        ref BootInformation information = ref _fixture.Information(0);
        Assert.Equal(2u, information.Interrupts.IoApicCount);
        for (uint i = 0; i < 2; i++)
        {
            ulong address = KernelLayout.IoApics + i * Page;
            Assert.True(_fixture.Translate(information.RootTable, address, out ulong page, out PageRights rights));
            Assert.Equal(information.Interrupts.IoApics[(int)i].PhysicalAddress & ~(Page - 1), page);
            Assert.True(rights.HasFlag(PageRights.CacheDisable | PageRights.NoExecute | PageRights.Writable));
        }
        Assert.False(_fixture.Translate(information.RootTable, KernelLayout.IoApics + 2 * Page, out _, out _));
        ref BootInformation other = ref _fixture.Information(1);
        Assert.Equal(0u, other.Interrupts.IoApicCount);
        Assert.False(_fixture.Translate(other.RootTable, KernelLayout.IoApics, out _, out _));
    }

    [Fact]
    public void CoreIsLoadedSegmentBySegment()
    {
        ref BootInformation information = ref _fixture.Information(2);
        Assert.Equal((3u, UserLayout.ImageBase + 8), (information.CoreSegmentCount, information.CoreEntry));
        ImageSegment data = information.CoreSegments[2];
        Assert.Equal((UserLayout.ImageBase + 0x2000, 2ul), (data.VirtualAddress, data.Pages));
        Assert.Equal(FrameRights.Read | FrameRights.Write, data.Rights);
        AssertOwned(ref information, new PhysicalRange { Base = data.PhysicalAddress, Length = data.Pages * Page });
    }

    [Fact]
    public void NothingThatIsOccupiedIsFree()
    {
        for (uint i = 0; i < 4; i++)
        {
            ref BootInformation information = ref _fixture.Information(i);
            PhysicalRange home = _fixture.HomeOf(i);
            PhysicalRange first = information.Free.Ranges[0];
            Assert.InRange(first.Base, information.Inbound.Base + information.Inbound.Length, home.Base + home.Length);
            AssertOwned(ref information, information.Inbound);
            AssertOwned(ref information, information.Machine);
            Assert.Equal(5 * Page, information.Inbound.Length);
            Assert.False(IsIn(ref information.Free, information.RootTable));
            Assert.Equal(
                -1,
                new ReadOnlySpan<byte>(_fixture.Memory.At(information.Inbound.Base), (int)(5 * Page)).IndexOfAnyExcept(
                    (byte)0
                )
            );
            ulong used = first.Base - home.Base;
            var needs = new ClusterNeeds
            {
                KernelBytes = 4 * Page,
                CoreBytes = 4 * Page,
                MachineBytes = _fixture.Inputs.MachineBytes,
            };
            Assert.InRange(used, 1ul, needs.Placed(2, 4, 1));
        }
    }

    [Fact]
    public void AHomeThatIsTooSmallIsRefused()
    {
        PhysicalRange home = _fixture.HomeOf(1);
        _fixture.Build(1);
        ulong used = _fixture.Information(1).Free.Ranges[0].Base - home.Base;
        for (ulong bytes = 0; bytes < used; bytes += Page)
        {
            Assert.False(
                _fixture.Build(1, new PhysicalRange { Base = home.Base, Length = bytes }, DeliberateFault.None)
            );
        }
        Assert.True(_fixture.Build(1, new PhysicalRange { Base = home.Base, Length = used }, DeliberateFault.None));
    }

    private static bool IsIn(ref RangeList list, ulong address)
    {
        ReadOnlySpan<PhysicalRange> ranges = list.Ranges;
        return ranges[..(int)list.Count].ToArray().Any(range => address - range.Base < range.Length);
    }

    private static void AssertOwned(ref BootInformation information, PhysicalRange range)
    {
        Assert.True(
            IsIn(ref information.Owned, range.Base) && IsIn(ref information.Owned, range.Base + range.Length - 1)
        );
        Assert.False(
            IsIn(ref information.Free, range.Base) || IsIn(ref information.Free, range.Base + range.Length - 1)
        );
    }
}
