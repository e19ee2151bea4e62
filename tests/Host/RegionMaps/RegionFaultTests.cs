using System.Threading;
using Skerry.Abi;
using Skerry.Base.Kernel;
using Skerry.Base.Memory;
using Skerry.Base.RegionMaps;
using Skerry.Tests.Host.Memory;
using Xunit;
using static Skerry.Tests.Host.RegionMaps.MapActions;

namespace Skerry.Tests.Host.RegionMaps;

/// <summary>What a fault in a region map comes to.</summary>
public sealed unsafe class RegionFaultTests
{
    [Fact]
    public void RightsDecideAboutWritesAndFetches()
    {
        using var workshop = new Workshop();
        RegionMap* map = workshop.Mapping.TryCreateMap(0, 64 * Page, null);
        var request = new AttachRequest { Fixed = true, Rights = FrameRights.Read };
        workshop.Mapping.Attach(map, Ram(workshop, Page), request, out _);
        Assert.Equal(FaultOutcome.Resolved, Fault(workshop, map, 8, FaultAccess.User));
        Assert.Equal(FaultOutcome.WriteViolation, Fault(workshop, map, 8, FaultAccess.Write));
        Assert.Equal(FaultOutcome.ExecuteViolation, Fault(workshop, map, 8, FaultAccess.Execute));
        Assert.Equal(FaultOutcome.NoRegion, Fault(workshop, map, Page, FaultAccess.User));
    }

    /// <summary>What nobody touches needs no capability, nor what is reached through the map around it alone.</summary>
    [Fact]
    public void ACapabilityIsMadeByTheFirstFault()
    {
        using var workshop = new Workshop();
        RegionMap* outer = workshop.Mapping.TryCreateMap(0, 64 * Page, null);
        RegionMap* inner = workshop.Mapping.TryCreateMap(0, 8 * Page, null);
        Dataspace* ram = Ram(workshop, Page);
        (int Capabilities, uint Slots) before = (workshop.Kernel.Capabilities, workshop.FreeSlots);
        Attach(workshop, outer, ram, 16 * Page, 0, 0);
        Attach(workshop, inner, ram, 0, 0, 0);
        Attach(workshop, outer, workshop.Mapping.TryGetManaged(inner), 0, 0, 0);
        Assert.Equal(before.Capabilities, workshop.Kernel.Capabilities);
        for (int i = 0; i < 2; i++)
        {
            Assert.Equal(FaultOutcome.Resolved, Fault(workshop, outer, 16 * Page, FaultAccess.Write));
            Assert.Equal(before.Capabilities + 1, workshop.Kernel.Capabilities);
        }
        Assert.Equal(FaultOutcome.Resolved, Fault(workshop, outer, 0, FaultAccess.Write));
        Assert.Equal(before.Capabilities + 2, workshop.Kernel.Capabilities);
        workshop.Mapping.FreeDataspace(inner->AsDataspace);
        Assert.True(workshop.Mapping.Detach(inner, 0));
        Assert.True(workshop.Mapping.Detach(outer, 16 * Page));
        Assert.Equal(before.Capabilities, workshop.Kernel.Capabilities);
        // The pager still announces one of the two; it comes back with the next one that goes.
        Assert.Equal(before.Slots - 1, workshop.FreeSlots);
    }

    /// <summary>A map remembers where its last fault was answered; the record of that region may be another map's next.</summary>
    [Fact]
    public void ARegionThatHasGoneAnswersNoFault()
    {
        using var workshop = new Workshop();
        RegionMap* map = workshop.Mapping.TryCreateMap(0, 64 * Page, null);
        RegionMap* other = workshop.Mapping.TryCreateMap(0, 64 * Page, null);
        Dataspace* ram = Ram(workshop, Page);
        Attach(workshop, map, ram, 0, 0, 0);
        Assert.Equal(FaultOutcome.Resolved, Fault(workshop, map, 8, FaultAccess.Write));
        Assert.True(workshop.Mapping.Detach(map, 0));
        Attach(workshop, other, ram, 0, 0, 0);
        Assert.Equal(FaultOutcome.NoRegion, Fault(workshop, map, 8, FaultAccess.Write));
        Assert.Equal(FaultOutcome.Resolved, Fault(workshop, other, 8, FaultAccess.Write));
    }

    /// <summary>
    /// The page is there, so mapping it would resume the thread into the same fault: a descriptor table in the thread's
    /// memory under SMAP, or a bit of the entry that this processor does not know.
    /// </summary>
    [Theory]
    [InlineData(FaultAccess.Present)]
    [InlineData(FaultAccess.None)]
    [InlineData(FaultAccess.User | FaultAccess.Present | FaultAccess.ReservedBit)]
    public void WhatIsNoAccessOfUserModeIsNotResolved(FaultAccess access)
    {
        using var workshop = new Workshop();
        RegionMap* map = workshop.Mapping.TryCreateMap(0, 64 * Page, null);
        Attach(workshop, map, Ram(workshop, Page), 0, 0, 0);
        Assert.False(workshop.Mapping.TryResolveDirect(map, 8, access, 0, out _));
        Assert.Equal(FaultOutcome.NotOfUserMode, workshop.Mapping.Resolve(map, 8, access, 0, out _));
        Assert.Equal(FaultOutcome.NoRegion, workshop.Mapping.Resolve(map, Page, access, 0, out _));
    }

    [Theory]
    [InlineData(4, FaultOutcome.Resolved)]
    [InlineData(5, FaultOutcome.RecursionLimit)]
    public void MapsInsideMapsAreFollowedSoFar(int nested, FaultOutcome expected)
    {
        using var workshop = new Workshop();
        Dataspace* inside = Ram(workshop, Page);
        RegionMap* map = null;
        for (int i = 0; i <= nested; i++)
        {
            map = workshop.Mapping.TryCreateMap(0, Page, null);
            Assert.Equal(AttachStatus.Ok, Attach(workshop, map, inside, 0, 0, 0));
            inside = workshop.Mapping.TryGetManaged(map);
        }
        Assert.Equal(expected, Fault(workshop, map, 0, FaultAccess.Write));
    }

    /// <summary>What lies behind an address is had for no more than the regions on the way allow.</summary>
    [Theory]
    [InlineData(FrameRights.Read, FrameRights.All, FaultAccess.None, FaultOutcome.Resolved)]
    [InlineData(FrameRights.Read, FrameRights.All, FaultAccess.Write, FaultOutcome.WriteViolation)]
    [InlineData(FrameRights.All, FrameRights.Read, FaultAccess.Write, FaultOutcome.WriteViolation)]
    [InlineData(FrameRights.All, FrameRights.Read | FrameRights.Write, FaultAccess.Write, FaultOutcome.Resolved)]
    [InlineData(
        FrameRights.Read | FrameRights.Write,
        FrameRights.All,
        FaultAccess.Execute,
        FaultOutcome.ExecuteViolation
    )]
    public void AFrameIsFoundForWhatTheRegionsAllow(
        FrameRights outside,
        FrameRights inside,
        FaultAccess access,
        FaultOutcome expected
    )
    {
        using var workshop = new Workshop();
        RegionMap* outer = workshop.Mapping.TryCreateMap(0, 4 * Page, null);
        RegionMap* inner = workshop.Mapping.TryCreateMap(0, Page, null);
        Attach(workshop, inner, Ram(workshop, Page), 0, 0, 0, inside);
        Attach(workshop, outer, workshop.Mapping.TryGetManaged(inner), Page, 0, 0, outside);
        FaultOutcome found = workshop.Mapping.Resolve(
            outer,
            Page,
            access | FaultAccess.User,
            0,
            out Resolution resolution
        );
        Assert.Equal(expected, found);
        Assert.Equal(outside & inside, resolution.Rights);
    }

    [Fact]
    public void ADeferredFaultWaitsForTheAttachThatCoversIt()
    {
        using var workshop = new Workshop();
        RegionMap* map = workshop.Mapping.TryCreateMap(0, 16 * Page, null);
        workshop.Mapping.SetFaultHandler(map, new CapabilitySlot(7));
        workshop.Mapping.Resolve(map, 3 * Page, FaultAccess.User | FaultAccess.Write, 0, out Resolution resolution);
        var faulter = new HeldCaller { Reply = new CapabilitySlot(9) };
        Assert.Equal(DeferResult.Deferred, workshop.Mapping.Defer(map, resolution, FaultAccess.Write, 1, &faulter));
        Assert.Equal([7u], workshop.Kernel.Signalled);
        Dataspace* ram = Ram(workshop, Page);
        Attach(workshop, map, ram, 2 * Page, 0, 0);
        Assert.False(workshop.Mapping.TryResume(map));
        Attach(workshop, map, ram, 3 * Page, 0, 0);
        Assert.Empty(workshop.Kernel.Resumed);
        Assert.False(MappingLibrary<FakeKernel>.TryGetFault(map, out _, out _));
        Assert.True(workshop.Mapping.TryResume(map));
        Assert.Equal([9u], workshop.Kernel.Resumed);
    }

    [Fact]
    public void FaultsOnOtherThreadsSeeARegionWholeOrNotAtAll()
    {
        using var workshop = new Workshop();
        RegionMap* map = workshop.Mapping.TryCreateMap(0, 16 * Page, null);
        Dataspace* ram = Ram(workshop, Page);
        int wrong = 0;
        int stop = 0;
        var threads = new Thread[2];
        for (int i = 0; i < threads.Length; i++)
        {
            int pager = i;
            threads[i] = new Thread(() =>
            {
                while (Volatile.Read(ref stop) == 0)
                {
                    FaultOutcome outcome = workshop.Mapping.Resolve(
                        map,
                        0,
                        FaultAccess.User | FaultAccess.Write,
                        pager,
                        out _
                    );
                    bool known = outcome is FaultOutcome.Resolved or FaultOutcome.Retry or FaultOutcome.NoRegion;
                    Interlocked.Add(ref wrong, known ? 0 : 1);
                }
            });
            threads[i].Start();
        }
        for (int i = 0; i < 10_000; i++)
        {
            Assert.Equal(AttachStatus.Ok, Attach(workshop, map, ram, 0, 0, 0));
            Assert.True(workshop.Mapping.Detach(map, 0));
        }
        Volatile.Write(ref stop, 1);
        foreach (Thread thread in threads)
        {
            thread.Join();
        }
        Assert.Equal(0, wrong);
    }
}
