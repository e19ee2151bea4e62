using System;
using Skerry.Abi;
using Skerry.Base.Kernel;
using Skerry.Base.RegionMaps;
using Skerry.Tests.Host.Memory;
using Xunit;

namespace Skerry.Tests.Host.RegionMaps;

/// <summary>Faults that wait for their region map's handler: a thread has one, whatever was done to it meanwhile.</summary>
public sealed unsafe class DeferredFaultTests : IDisposable
{
    private const ulong Page = 4096;
    private const ulong Thread = 77;
    private readonly Workshop _workshop = new();
    private readonly HeldCaller[] _faulters = GC.AllocateArray<HeldCaller>(8, pinned: true);
    private readonly RegionMap* _map;
    private readonly RegionMap* _other;
    private uint _next;

    public DeferredFaultTests()
    {
        _map = MapWithHandler();
        _other = MapWithHandler();
    }

    public void Dispose() => _workshop.Dispose();

    /// <summary>It was paused in the fault before, and has gone on.</summary>
    [Fact]
    public void WhoFaultsAgainWaitsOnce()
    {
        Fault(_map, 3 * Page);
        uint records = _workshop.RecordsInUse;
        for (uint i = 1; i < 5; i++)
        {
            Fault(_map, i * Page);
        }
        Assert.Equal(records, _workshop.RecordsInUse);
        Assert.Equal([0u, 1u, 2u, 3u], _workshop.Kernel.Resumed);
        Assert.True(_workshop.Mapping.TryGetFault(_map, out ulong address, out _));
        Assert.Equal(4 * Page, address);
    }

    /// <summary>Whoever makes threads itself gives them what cookies it likes.</summary>
    [Fact]
    public void ACookieIsOneAddressSpacesOwn()
    {
        Fault(_map, Page);
        Fault(_other, Page);
        Assert.Empty(_workshop.Kernel.Resumed);
        _workshop.Mapping.ForgetThread(_other, Thread);
        Assert.True(_workshop.Mapping.TryGetFault(_map, out _, out _));
        Assert.False(_workshop.Mapping.TryGetFault(_other, out _, out _));
    }

    private RegionMap* MapWithHandler()
    {
        RegionMap* map = _workshop.Mapping.TryCreateMap(0, 16 * Page, null);
        MappingLibrary<FakeKernel>.SetFaultHandler(map, new CapabilitySlot(7));
        return map;
    }

    private void Fault(RegionMap* map, ulong address)
    {
        _workshop.Mapping.Resolve(map, address, FaultAccess.User, 0, out Resolution resolution);
        _faulters[_next] = new HeldCaller { Reply = new CapabilitySlot(_next) };
        fixed (HeldCaller* faulter = &_faulters[_next++])
        {
            DeferResult result = _workshop.Mapping.Defer(map, resolution, FaultAccess.User, Thread, faulter);
            Assert.Equal(DeferResult.Deferred, result);
        }
    }
}
