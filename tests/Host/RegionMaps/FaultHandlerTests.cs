using System;
using Skerry.Abi;
using Skerry.Base.Kernel;
using Skerry.Base.RegionMaps;
using Skerry.Tests.Host.Memory;
using Xunit;

namespace Skerry.Tests.Host.RegionMaps;

/// <summary>Who waits for a fault handler: nobody whom it can't answer, and nobody when it is gone.</summary>
public sealed unsafe class FaultHandlerTests : IDisposable
{
    private const ulong Page = FaultBench.Page;
    private const FaultAccess Write = FaultAccess.User | FaultAccess.Write;
    private readonly FaultBench _bench = new();
    private readonly RegionMap* _map;

    public FaultHandlerTests() => _map = _bench.MapWithHandler();

    public void Dispose() => _bench.Dispose();

    [Fact]
    public void NobodyWaitsForANotificationThatIsDestroyed()
    {
        uint records = _bench.Workshop.RecordsInUse;
        _bench.Workshop.Kernel.Destroyed.Add(FaultBench.Handler);
        Assert.Equal(DeferResult.NoHandler, _bench.Fault(_map, Page, 1));
        Assert.Empty(FaultBench.Told(_map, 1));
        Assert.Equal(records, _bench.Workshop.RecordsInUse);
        Assert.Equal(0u, _bench.FaultedMaps());
        // Paused in a fault before, which it has left.
        _bench.Workshop.Kernel.Destroyed.Clear();
        Assert.Equal(DeferResult.Deferred, _bench.Fault(_map, Page, 1));
        _bench.Workshop.Kernel.Destroyed.Add(FaultBench.Handler);
        Assert.Equal(DeferResult.NoHandler, _bench.Fault(_map, Page, 1));
        Assert.Equal([1u], _bench.Resumed);
        Assert.Equal(records, _bench.Workshop.RecordsInUse);
    }

    /// <summary>Those of other maps, whose handlers are there, are left alone: not even signalled.</summary>
    [Fact]
    public void WhoHasWaitedForItFaultsAgain()
    {
        RegionMap* other = _bench.MapWithHandler(8);
        RegionMap* third = _bench.MapWithHandler(9);
        _bench.Fault(other, Page, 1);
        _bench.Fault(_map, Page, 1);
        _bench.Fault(_map, 2 * Page, 2);
        _bench.Fault(third, Page, 1);
        _bench.Workshop.Kernel.Destroyed.Add(FaultBench.Handler);
        _bench.Workshop.Kernel.Signalled.Clear();
        int found = 0;
        for (uint maps = _bench.Workshop.Mapping.FaultedMapCount; maps != 0; maps--)
        {
            RegionMap* unhandled = _bench.Workshop.Mapping.NextUnhandled();
            Assert.True(unhandled == null || unhandled == _map);
            found += unhandled == null ? 0 : 1;
        }
        _bench.ResumeAll(_map);
        Assert.Equal(1, found);
        _bench.Resumed.Sort();
        Assert.Equal([1u, 2u], _bench.Resumed);
        Assert.Empty(_bench.Workshop.Kernel.Signalled);
        Assert.Equal(2u, _bench.FaultedMaps());
    }

    /// <param name="next">The handler that is set; 0 for none.</param>
    /// <param name="again">What becomes of a fault then.</param>
    [Theory]
    [InlineData(0, DeferResult.NoHandler)]
    [InlineData(8, DeferResult.Deferred)]
    public void WhoWaitsForTheOneBeforeFaultsAgain(uint next, DeferResult again)
    {
        _bench.Fault(_map, Page, 1);
        _bench.Fault(_map, 2 * Page, 2);
        _bench.Workshop.Mapping.SetFaultHandler(_map, new CapabilitySlot(next));
        Assert.Empty(FaultBench.Told(_map, 1));
        _bench.ResumeAll(_map);
        _bench.Resumed.Sort();
        Assert.Equal([0u, 1u], _bench.Resumed);
        Assert.Equal(again, _bench.Fault(_map, Page, 1));
    }

    /// <summary>A page is there, and could not be mapped or was not wanted by user mode: an attach changes nothing of that.</summary>
    [Theory]
    [InlineData(FaultOutcome.OutOfResources)]
    [InlineData(FaultOutcome.NotOfUserMode)]
    public void WhatNoAttachAnswersIsNotPutAside(FaultOutcome outcome)
    {
        _bench.Attach(_map, 1);
        _bench.Workshop.Mapping.Resolve(_map, Page, FaultAccess.User, 0, out Resolution failed);
        failed.Outcome = outcome;
        Assert.Equal(DeferResult.NoHandler, _bench.Defer(_map, in failed, 1));
        // Something else has become of the place meanwhile.
        _bench.Workshop.Mapping.Detach(_map, Page);
        Assert.Equal(DeferResult.Retry, _bench.Defer(_map, in failed, 1));
    }

    [Theory]
    [InlineData(FaultOutcome.ForeignFailed)]
    [InlineData(FaultOutcome.ForeignEmpty)]
    [InlineData(FaultOutcome.WriteViolation)]
    [InlineData(FaultOutcome.OutOfResources)]
    public void WhatAnotherServerRefusesIsNotPutAside(FaultOutcome outcome)
    {
        Dataspace* foreign = _bench.Workshop.Mapping.TryAddForeign(_bench.Workshop.TakeSlot(), Page, null);
        Assert.Equal(AttachStatus.Ok, MapActions.Attach(_bench.Workshop, _map, foreign, Page, 0, 0));
        _bench.Workshop.Mapping.Resolve(_map, Page, Write, 0, out Resolution failed);
        Assert.Equal(FaultOutcome.NeedsForward, failed.Outcome);
        failed.Outcome = outcome;
        Assert.Equal(DeferResult.NoHandler, _bench.Defer(_map, in failed, 1, Write));
    }

    [Fact]
    public void TooManyMapsInsideEachOtherAreNotPutAside()
    {
        RegionMap* outer = _map;
        for (int i = 0; i < FaultPath.MaximumLength; i++)
        {
            RegionMap* inner = _bench.MapWithHandler();
            Dataspace* inside = _bench.Workshop.Mapping.TryGetManaged(inner);
            Assert.Equal(AttachStatus.Ok, MapActions.Attach(_bench.Workshop, outer, inside, 0, 0, 0));
            outer = inner;
        }
        _bench.Attach(outer, 1);
        Assert.Equal(DeferResult.NoHandler, _bench.Fault(_map, Page, 1));
    }

    /// <summary>A handler detaches what may only be read and attaches a copy; who faults meanwhile finds it.</summary>
    [Fact]
    public void AViolationWaitsForAnAttachOrFindsIt()
    {
        Dataspace* ram = MapActions.Ram(_bench.Workshop, Page);
        Assert.Equal(
            AttachStatus.Ok,
            MapActions.Attach(_bench.Workshop, _map, ram, Page, 0, 0, rights: FrameRights.Read)
        );
        _bench.Workshop.Mapping.Resolve(_map, Page, Write, 0, out Resolution failed);
        Assert.Equal(FaultOutcome.WriteViolation, failed.Outcome);
        Assert.Equal(DeferResult.Deferred, _bench.Defer(_map, in failed, 1, Write));
        _bench.Workshop.Mapping.Detach(_map, Page);
        _bench.Attach(_map, 1);
        _bench.ResumeAll(_map);
        Assert.Equal([0u], _bench.Resumed);
        Assert.Equal(DeferResult.Retry, _bench.Defer(_map, in failed, 2, Write));
    }
}
