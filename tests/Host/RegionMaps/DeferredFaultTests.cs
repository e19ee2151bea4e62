using System;
using Skerry.Base.RegionMaps;
using Skerry.Tests.Host.Memory;
using Xunit;

namespace Skerry.Tests.Host.RegionMaps;

/// <summary>Faults that wait for their region map's handler: a thread has one, whatever was done to it meanwhile.</summary>
public sealed unsafe class DeferredFaultTests : IDisposable
{
    private const ulong Page = FaultBench.Page;
    private const ulong Thread = 77;
    private readonly FaultBench _bench = new();
    private readonly RegionMap* _map;
    private readonly RegionMap* _other;

    public DeferredFaultTests()
    {
        _map = _bench.MapWithHandler();
        _other = _bench.MapWithHandler();
    }

    public void Dispose() => _bench.Dispose();

    /// <summary>It was paused in the fault before, and has gone on.</summary>
    [Fact]
    public void WhoFaultsAgainWaitsOnce()
    {
        Fault(_map, 3, Thread);
        uint records = _bench.Workshop.RecordsInUse;
        for (uint i = 1; i < 5; i++)
        {
            Fault(_map, i, Thread);
        }
        Assert.Equal(records, _bench.Workshop.RecordsInUse);
        Assert.Equal([0u, 1u, 2u, 3u], _bench.Resumed);
        Assert.Equal([4ul, 4ul], FaultBench.Told(_map, 2));
    }

    /// <summary>The first fault waits in a map inside, and nobody hears of it any more.</summary>
    [Fact]
    public void WhoFaultsInAnotherMapWaitsThereAlone()
    {
        Dataspace* inside = _bench.Workshop.Mapping.TryGetManaged(_other);
        Assert.Equal(AttachStatus.Ok, MapActions.Attach(_bench.Workshop, _map, inside, 0, 8 * Page, 0));
        Fault(_map, 3, Thread);
        Assert.Equal([3ul], FaultBench.Told(_other, 1));
        Fault(_map, 9, Thread);
        Assert.Equal([9ul], FaultBench.Told(_map, 1));
        Assert.Empty(FaultBench.Told(_other, 1));
        Assert.Equal([0u], _bench.Resumed);
    }

    /// <summary>Whoever makes threads itself gives them what cookies it likes.</summary>
    [Fact]
    public void ACookieIsOneAddressSpacesOwn()
    {
        Fault(_map, 1, Thread);
        Fault(_other, 1, Thread);
        Assert.Empty(_bench.Resumed);
        _bench.Workshop.Mapping.ForgetThread(_other, Thread);
        Assert.Equal([1ul], FaultBench.Told(_map, 1));
        Assert.Empty(FaultBench.Told(_other, 1));
    }

    [Fact]
    public void TheOldestIsToldFirstAndEachInTurn()
    {
        for (ulong i = 1; i <= 3; i++)
        {
            Fault(_map, i, i);
        }
        Assert.Equal([1ul, 2ul, 3ul, 1ul, 2ul], FaultBench.Told(_map, 5));
    }

    /// <summary>A handler that asks once for each signal hears of what is new, whatever it could not answer.</summary>
    [Fact]
    public void WhatIsNewIsToldBeforeWhatHasBeenTold()
    {
        Fault(_map, 1, 1);
        Fault(_map, 2, 2);
        Assert.Equal([1ul, 2ul], FaultBench.Told(_map, 2));
        Fault(_map, 3, 3);
        Assert.Equal([3ul, 1ul], FaultBench.Told(_map, 2));
    }

    /// <summary>Who is told of next, the oldest and the newest may go at any time.</summary>
    /// <param name="answered">The page that is attached after the first has been told of.</param>
    /// <param name="expected">Which are told of then.</param>
    [Theory]
    [InlineData(1, new[] { 2ul, 3ul, 4ul, 2ul })]
    [InlineData(2, new[] { 3ul, 4ul, 1ul, 3ul })]
    [InlineData(4, new[] { 2ul, 3ul, 1ul, 2ul })]
    public void WhoIsAnsweredIsToldOfNoMore(ulong answered, ulong[] expected)
    {
        for (ulong i = 1; i <= 4; i++)
        {
            Fault(_map, i, i);
        }
        Assert.Equal([1ul], FaultBench.Told(_map, 1));
        _bench.Attach(_map, answered);
        _bench.ResumeAll(_map);
        Assert.Equal([(uint)answered - 1], _bench.Resumed);
        Assert.Equal(expected, FaultBench.Told(_map, 4));
        Fault(_map, 9, 9);
        Assert.Contains(9ul, FaultBench.Told(_map, 4));
    }

    /// <summary>One attach answers many, which go on one by one; who is destroyed before its turn does not.</summary>
    [Fact]
    public void WhoHasNothingToWaitForGoesOnWhenAsked()
    {
        for (ulong i = 0; i < 6; i++)
        {
            Fault(_map, i, i);
        }
        _bench.Attach(_map, 1, 4);
        Assert.Equal(4u, MappingLibrary<FakeKernel>.ToResume(_map));
        Assert.Empty(_bench.Resumed);
        Assert.True(_bench.Workshop.Mapping.TryResume(_map));
        _bench.Workshop.Mapping.ForgetThread(_map, 2);
        Assert.Equal(2, _bench.Resumed.Count);
        Assert.Equal(2u, MappingLibrary<FakeKernel>.ToResume(_map));
        _bench.ResumeAll(_map);
        _bench.Resumed.Sort();
        Assert.Equal([1u, 2u, 3u, 4u], _bench.Resumed);
        Assert.Equal([0ul, 5ul, 0ul], FaultBench.Told(_map, 3));
    }

    /// <summary>Which of its faults wait, and where, is undone with the map.</summary>
    [Fact]
    public void WhoWaitsInAMapThatGoesGoesOn()
    {
        uint records = _bench.Workshop.RecordsInUse;
        RegionMap* outer = _bench.MapWithHandler();
        RegionMap* inner = _bench.MapWithHandler();
        Dataspace* inside = _bench.Workshop.Mapping.TryGetManaged(inner);
        Assert.Equal(AttachStatus.Ok, MapActions.Attach(_bench.Workshop, outer, inside, 0, 8 * Page, 0));
        Fault(outer, 1, 1);
        Fault(outer, 2, 2);
        Fault(outer, 9, 3);
        _bench.Workshop.Mapping.DestroyMap(inner);
        _bench.Resumed.Sort();
        Assert.Equal([0u, 1u], _bench.Resumed);
        _bench.Workshop.Mapping.DestroyMap(outer);
        Assert.Equal(3, _bench.Resumed.Count);
        Assert.Equal(records, _bench.Workshop.RecordsInUse);
        Assert.Equal(0u, _bench.FaultedMaps());
    }

    /// <summary>The address space goes before the map inside, in which a thread of its own waits.</summary>
    [Fact]
    public void WhoseAddressSpaceGoesWaitsNowhere()
    {
        RegionMap* outer = _bench.MapWithHandler();
        Dataspace* inside = _bench.Workshop.Mapping.TryGetManaged(_other);
        Assert.Equal(AttachStatus.Ok, MapActions.Attach(_bench.Workshop, outer, inside, 0, 8 * Page, 0));
        Fault(outer, 1, 1);
        _bench.Workshop.Mapping.DestroyMap(outer);
        Assert.Equal([0u], _bench.Resumed);
        Assert.Empty(FaultBench.Told(_other, 1));
        Assert.Equal(0u, _bench.FaultedMaps());
    }

    private void Fault(RegionMap* map, ulong page, ulong thread) =>
        Assert.Equal(DeferResult.Deferred, _bench.Fault(map, page * Page, thread));
}
