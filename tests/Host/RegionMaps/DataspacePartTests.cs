using System;
using System.Collections.Generic;
using System.Runtime.InteropServices;
using Skerry.Abi;
using Skerry.Base.Kernel;
using Skerry.Base.Memory;
using Skerry.Base.RegionMaps;
using Skerry.Tests.Host.Memory;
using Xunit;

namespace Skerry.Tests.Host.RegionMaps;

/// <summary>Dataspaces of more memory than lies in one block: as good as others, and given whenever that much is free.</summary>
public sealed unsafe class DataspacePartTests : IDisposable
{
    private const ulong Page = 4096;
    private const ulong All = 1ul << Workshop.RootBits;
    private readonly Workshop _workshop = new();
    private readonly QuotaAccount* _account = (QuotaAccount*)NativeMemory.AllocZeroed((nuint)sizeof(QuotaAccount));

    public DataspacePartTests() => _account->Endow(new Resources(All, 40));

    public void Dispose()
    {
        _workshop.Dispose();
        NativeMemory.Free(_account);
    }

    /// <summary>A half and a quarter would be a whole when rounded up, which is not there.</summary>
    [Fact]
    public void WhatIsFreeCanBeHadAtOnce()
    {
        UntypedBlock* taken = _workshop.Untyped.TryAllocate(12);
        ulong free = _workshop.Untyped.FreeBytes;
        Dataspace* dataspace = Ram(free);
        Assert.Equal(0ul, _workshop.Untyped.FreeBytes);
        Assert.Equal(free, dataspace->Size);
        Assert.Equal(free, _account->Used.Ram);
        _workshop.Mapping.FreeDataspace(dataspace);
        _workshop.Untyped.Free(taken);
        AssertAllIsBack();
    }

    [Fact]
    public void AnAccountThatDoesNotCoverTheRoundingPaysForThePages()
    {
        _account->Charge(new Resources(All - 3 * Page, 0));
        Dataspace* dataspace = Ram(3 * Page);
        Assert.Equal(new Resources(All, 2), _account->Used);
        _workshop.Mapping.FreeDataspace(dataspace);
        Assert.Equal(new Resources(All - 3 * Page, 0), _account->Used);
    }

    [Fact]
    public void WhatIsNotThereIsRefusedAndCostsNothing()
    {
        UntypedBlock* taken = _workshop.Untyped.TryAllocate(12);
        Assert.Equal(ChargeResult.OutOfRam, Allocate(All, default, out _));
        Assert.Equal(ChargeResult.OutOfRam, Allocate(All + Page, default, out _));
        Assert.Equal(ChargeResult.OutOfRam, Allocate(ulong.MaxValue - Page, default, out _));
        Assert.Equal(ChargeResult.OutOfRam, Allocate(ulong.MaxValue, default, out _));
        Assert.Equal(default, _account->Used);
        _workshop.Untyped.Free(taken);
        AssertAllIsBack();
    }

    /// <summary>Each part costs a capability: who has one only is refused, and pays nothing.</summary>
    [Fact]
    public void PartsAreCapabilities()
    {
        _account->Charge(new Resources(All - 7 * Page, 38));
        Assert.Equal(ChargeResult.OutOfCapabilities, Allocate(7 * Page, default, out _));
        Assert.Equal(new Resources(All - 7 * Page, 38), _account->Used);
        _account->Refund(new Resources(0, 1));
        Assert.Equal(ChargeResult.Ok, Allocate(7 * Page, default, out _));
    }

    [Fact]
    public void PartsLieWhereTheyMay()
    {
        var where = new PhysicalWindow(Workshop.RootBase + 5 * Page, Workshop.RootBase + 12 * Page);
        Assert.Equal(ChargeResult.Ok, Allocate(7 * Page, where, out Dataspace* dataspace));
        for (DataspacePart* part = &dataspace->First; part != null; part = part->Next)
        {
            ulong address = _workshop.Kernel.AddressOf(part->Slot, 0);
            Assert.InRange(address, where.Start, where.End - part->Size);
        }
        Assert.Equal(ChargeResult.OutOfRam, Allocate(Page, where, out _));
    }

    /// <summary>
    /// Random pieces of one dataspace in two maps, one inside the other: each page is always the same memory, and no two
    /// are; a piece is detached by where it begins, and by nothing else.
    /// </summary>
    [Fact]
    public void EachPageIsTheSameMemoryWhereverItIsAttached()
    {
        for (int seed = 0; seed < 40; seed++)
        {
            var random = new Random(seed);
            ulong pages = (ulong)random.Next(3, 40);
            _account->Charge(new Resources(All - pages * Page, 0));
            Dataspace* dataspace = Ram(pages * Page);
            RegionMap* inner = _workshop.Mapping.TryCreateMap(0, 1 << 30, null);
            RegionMap* outer = _workshop.Mapping.TryCreateMap(0, 1 << 30, null);
            Dataspace* managed = _workshop.Mapping.TryGetManaged(inner);
            Attach(outer, managed, 0, 0);
            var memory = new Dictionary<ulong, ulong>();
            for (int step = 0; step < 60; step++)
            {
                ulong first = (ulong)random.Next((int)pages);
                ulong count = (ulong)random.Next(1, (int)(pages - first) + 1);
                ulong address = Attach(inner, dataspace, first * Page, count * Page);
                for (ulong page = 0; page < count; page++)
                {
                    AssertMemory(memory, first + page, Physical(outer, address + page * Page));
                    AssertMemory(memory, first + page, Physical(inner, address + page * Page));
                }
                if (random.Next(2) == 0)
                {
                    DetachAt(inner, address, count);
                }
            }
            Assert.Equal(memory.Count, new HashSet<ulong>(memory.Values).Count);
            _workshop.Mapping.FreeDataspace(dataspace);
            Assert.True(inner->Regions.IsEmpty);
            _workshop.Mapping.DestroyMap(inner);
            _workshop.Mapping.DestroyMap(outer);
            _account->Refund(new Resources(All - pages * Page, 0));
            AssertAllIsBack();
        }
    }

    /// <summary>An attach that finds no room leaves nothing behind, and costs nothing.</summary>
    [Fact]
    public void AFailedAttachOfPartsIsUndone()
    {
        _account->Charge(new Resources(All - 7 * Page, 0));
        Dataspace* dataspace = Ram(7 * Page);
        QuotaAccount payer = default;
        payer.Endow(new Resources(0, 5));
        RegionMap* map = _workshop.Mapping.TryCreateMap(0, 8 * Page, &payer);
        int capabilities = _workshop.Kernel.Capabilities;
        var request = new AttachRequest { Fixed = true, Address = 2 * Page };
        Assert.Equal(AttachStatus.OutOfBounds, _workshop.Mapping.Attach(map, dataspace, request, out _));
        Assert.Equal(default, payer.Used);
        Assert.Equal(capabilities, _workshop.Kernel.Capabilities);
        request.Address = Page;
        Assert.Equal(AttachStatus.Ok, _workshop.Mapping.Attach(map, dataspace, request, out _));
        Assert.Equal(new Resources(0, 3), payer.Used);
        RegionMap* other = _workshop.Mapping.TryCreateMap(0, 8 * Page, &payer);
        Assert.Equal(AttachStatus.OutOfCapabilities, _workshop.Mapping.Attach(other, dataspace, request, out _));
        Assert.True(_workshop.Mapping.Detach(map, Page));
        Assert.Equal(default, payer.Used);
    }

    private void DetachAt(RegionMap* map, ulong address, ulong pages)
    {
        for (ulong page = 1; page < pages; page++)
        {
            Assert.False(_workshop.Mapping.Detach(map, address + page * Page));
        }
        Assert.True(_workshop.Mapping.Detach(map, address));
        for (ulong page = 0; page < pages; page++)
        {
            FaultOutcome outcome = _workshop.Mapping.Resolve(map, address + page * Page, FaultAccess.User, 0, out _);
            Assert.Equal(FaultOutcome.NoRegion, outcome);
        }
    }

    private static void AssertMemory(Dictionary<ulong, ulong> memory, ulong page, ulong physical)
    {
        if (!memory.TryAdd(page, physical))
        {
            Assert.Equal(memory[page], physical);
        }
    }

    /// <summary>The memory that a fault maps.</summary>
    private ulong Physical(RegionMap* map, ulong address)
    {
        FaultOutcome outcome = _workshop.Mapping.Resolve(map, address, FaultAccess.User, 0, out Resolution resolution);
        Assert.Equal(FaultOutcome.Resolved, outcome);
        return _workshop.Kernel.AddressOf(resolution.Window, resolution.Offset);
    }

    private ulong Attach(RegionMap* map, Dataspace* dataspace, ulong offset, ulong size)
    {
        var request = new AttachRequest
        {
            Offset = offset,
            Size = size,
            Rights = FrameRights.Read | FrameRights.Write,
        };
        Assert.Equal(AttachStatus.Ok, _workshop.Mapping.Attach(map, dataspace, request, out ulong address));
        return address;
    }

    private Dataspace* Ram(ulong bytes)
    {
        Assert.Equal(ChargeResult.Ok, Allocate(bytes, default, out Dataspace* dataspace));
        return dataspace;
    }

    private ChargeResult Allocate(ulong bytes, PhysicalWindow where, out Dataspace* dataspace) =>
        _workshop.Ram.Allocate(bytes, _account, where, out dataspace);

    private void AssertAllIsBack()
    {
        Assert.Equal(default, _account->Used);
        Assert.Equal(_workshop.Untyped.TotalBytes, _workshop.Untyped.FreeBytes);
        Assert.Equal(0u, _workshop.RecordsInUse);
        Assert.Equal(1, _workshop.Kernel.Capabilities);
    }
}
