using System;
using System.Collections.Generic;
using System.Threading;
using Skerry.Abi;
using Skerry.Base.Kernel;
using Skerry.Base.Memory;
using Skerry.Base.RegionMaps;
using Skerry.Tests.Host.Memory;
using Xunit;

namespace Skerry.Tests.Host.RegionMaps;

public sealed unsafe class RegionMapTests
{
    private const ulong Page = 4096;
    private const FrameRights ReadWrite = FrameRights.Read | FrameRights.Write;

    [Fact]
    public void FixedAttachmentsBehaveAsASetOfPages()
    {
        for (int seed = 0; seed < 30; seed++)
        {
            using var workshop = new Workshop();
            RegionMap* map = workshop.Mapping.TryCreateMap(0, 64 * Page, null);
            Dataspace* ram = Ram(workshop, 8 * Page);
            var model = new Dictionary<ulong, ulong>();
            var random = new Random(seed);
            for (int step = 0; step < 400; step++)
            {
                ulong at = (ulong)random.Next(66);
                ulong pages = (ulong)random.Next(1, 9);
                if (random.Next(3) == 0)
                {
                    bool begins = model.Remove(at);
                    Assert.Equal(begins, workshop.Mapping.Detach(map, at * Page));
                    continue;
                }
                AttachStatus expected = Expected(model, at, pages);
                var request = new AttachRequest
                {
                    Fixed = true,
                    Address = at * Page,
                    Size = pages * Page,
                    Rights = ReadWrite,
                };
                Assert.Equal(expected, workshop.Mapping.Attach(map, ram, request, out _));
                if (expected == AttachStatus.Ok)
                {
                    model.Add(at, pages);
                }
            }
            AssertFaults(workshop, map, model);
        }
    }

    [Fact]
    public void AttachRefusesWhatLiesOutsideTheDataspace()
    {
        using var workshop = new Workshop();
        RegionMap* map = workshop.Mapping.TryCreateMap(0, 64 * Page, null);
        Dataspace* ram = Ram(workshop, 2 * Page);
        Assert.Equal(AttachStatus.OutOfBounds, Attach(workshop, map, ram, 0, 3 * Page, 0));
        Assert.Equal(AttachStatus.OutOfBounds, Attach(workshop, map, ram, 0, Page, 2 * Page));
        Assert.Equal(AttachStatus.OutOfBounds, Attach(workshop, map, ram, 0, 0, ulong.MaxValue));
        Assert.Equal(AttachStatus.OutOfBounds, Attach(workshop, map, ram, 1, 0, 0));
        Assert.Equal(AttachStatus.Ok, Attach(workshop, map, ram, 0, Page, Page));
    }

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

    /// <summary>Of what another server gives for a fault, the pages behind it: as far as region and page table go.</summary>
    /// <param name="at">Where the region begins, pages.</param>
    /// <param name="pages">Of the region.</param>
    /// <param name="fault">At which page of it the fault is.</param>
    /// <param name="given">Pages that the other server gives.</param>
    /// <param name="expected">How many are mapped.</param>
    [Theory]
    [InlineData(0, 40, 0, 16, 16)]
    [InlineData(0, 40, 30, 16, 10)]
    [InlineData(500, 40, 5, 16, 7)]
    [InlineData(500, 40, 12, 16, 16)]
    [InlineData(0, 400, 0, 400, 256)]
    [InlineData(0, 40, 39, 1, 1)]
    public void AForwardedFaultBringsNoMoreThanItsRegionShows(
        ulong at,
        ulong pages,
        ulong fault,
        ulong given,
        uint expected
    )
    {
        using var workshop = new Workshop();
        RegionMap* map = workshop.Mapping.TryCreateMap(0, 1024 * Page, null);
        Dataspace* foreign = workshop.Mapping.TryAddForeign(new CapabilitySlot(900), pages * Page, null);
        Assert.Equal(AttachStatus.Ok, Attach(workshop, map, foreign, at * Page, 0, 0, FrameRights.Read));
        Resolution completed = Forward(workshop, map, (at + fault) * Page, given);
        Assert.Equal((FaultOutcome.Resolved, expected), (completed.Outcome, completed.Pages));
        Assert.Equal((at + fault) * Page, completed.Address);
    }

    /// <summary>Behind the page may lie another region of the map inside, of another frame.</summary>
    [Fact]
    public void AForwardedFaultInAMapInsideAMapBringsOnePage()
    {
        using var workshop = new Workshop();
        RegionMap* outer = workshop.Mapping.TryCreateMap(0, 64 * Page, null);
        RegionMap* inner = workshop.Mapping.TryCreateMap(0, 64 * Page, null);
        Attach(workshop, inner, workshop.Mapping.TryAddForeign(new CapabilitySlot(900), 2 * Page, null), 0, 0, 0);
        Attach(workshop, outer, workshop.Mapping.TryGetManaged(inner), 0, 0, 0);
        Assert.Equal(1u, Forward(workshop, outer, 0, 16).Pages);
    }

    private static Resolution Forward(Workshop workshop, RegionMap* map, ulong address, ulong given)
    {
        const FaultAccess access = FaultAccess.User;
        Assert.Equal(
            FaultOutcome.NeedsForward,
            workshop.Mapping.Resolve(map, address, access, 0, out Resolution forwarded)
        );
        var frame = new CapabilitySlot(901);
        workshop.Mapping.CompleteForward(map, access, in forwarded, frame, 0, given, 0, out Resolution completed);
        return completed;
    }

    [Fact]
    public void AMapIsNotAttachedInsideItself()
    {
        using var workshop = new Workshop();
        RegionMap* outer = workshop.Mapping.TryCreateMap(0, 4 * Page, null);
        RegionMap* inner = workshop.Mapping.TryCreateMap(0, Page, null);
        Assert.Equal(AttachStatus.Ok, Attach(workshop, outer, workshop.Mapping.TryGetManaged(inner), 0, 0, 0));
        Assert.Equal(
            AttachStatus.InvalidDataspace,
            Attach(workshop, inner, workshop.Mapping.TryGetManaged(outer), 0, Page, 0)
        );
    }

    [Fact]
    public void ADeferredFaultWaitsForTheAttachThatCoversIt()
    {
        using var workshop = new Workshop();
        RegionMap* map = workshop.Mapping.TryCreateMap(0, 16 * Page, null);
        MappingLibrary<FakeKernel>.SetFaultHandler(map, new CapabilitySlot(7));
        workshop.Mapping.Resolve(map, 3 * Page, FaultAccess.User | FaultAccess.Write, 0, out Resolution resolution);
        var faulter = new HeldCaller { Reply = new CapabilitySlot(9) };
        Assert.Equal(DeferResult.Deferred, workshop.Mapping.Defer(map, resolution, FaultAccess.Write, 1, &faulter));
        Assert.Equal([7u], workshop.Kernel.Signalled);
        Dataspace* ram = Ram(workshop, Page);
        Attach(workshop, map, ram, 2 * Page, 0, 0);
        Assert.Empty(workshop.Kernel.Resumed);
        Attach(workshop, map, ram, 3 * Page, 0, 0);
        Assert.Equal([9u], workshop.Kernel.Resumed);
        Assert.False(workshop.Mapping.TryGetFault(map, out _, out _));
    }

    [Fact]
    public void FreeingADataspaceGivesEverythingBack()
    {
        using var workshop = new Workshop();
        uint records = workshop.RecordsInUse;
        RegionMap* outer = workshop.Mapping.TryCreateMap(0, 16 * Page, null);
        RegionMap* inner = workshop.Mapping.TryCreateMap(0, 4 * Page, null);
        Dataspace* ram = Ram(workshop, 4 * Page);
        Attach(workshop, inner, ram, 0, 0, 0);
        Attach(workshop, outer, workshop.Mapping.TryGetManaged(inner), 4 * Page, 0, 0);
        Attach(workshop, outer, ram, 0, 0, 0);
        Assert.Equal(FaultOutcome.Resolved, Fault(workshop, outer, 5 * Page, FaultAccess.Write));
        workshop.Mapping.FreeDataspace(ram);
        Assert.Equal(FaultOutcome.NoRegion, Fault(workshop, outer, 5 * Page, FaultAccess.Write));
        Assert.Equal(FaultOutcome.NoRegion, Fault(workshop, outer, 0, FaultAccess.Write));
        workshop.Mapping.DestroyMap(inner);
        workshop.Mapping.DestroyMap(outer);
        Assert.Equal(records, workshop.RecordsInUse);
        Assert.Equal(workshop.Untyped.TotalBytes, workshop.Untyped.FreeBytes);
        Assert.Equal(1, workshop.Kernel.Capabilities);
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

    private static AttachStatus Expected(Dictionary<ulong, ulong> model, ulong at, ulong pages)
    {
        if (at + pages > 64)
        {
            return AttachStatus.OutOfBounds;
        }
        foreach ((ulong start, ulong length) in model)
        {
            if (at < start + length && start < at + pages)
            {
                return AttachStatus.RegionConflict;
            }
        }
        return AttachStatus.Ok;
    }

    private static void AssertFaults(Workshop workshop, RegionMap* map, Dictionary<ulong, ulong> model)
    {
        for (ulong page = 0; page < 64; page++)
        {
            bool attached = Expected(model, page, 1) == AttachStatus.RegionConflict;
            FaultOutcome outcome = Fault(workshop, map, page * Page + 5, FaultAccess.Write);
            Assert.Equal(attached ? FaultOutcome.Resolved : FaultOutcome.NoRegion, outcome);
        }
    }

    /// <summary>
    /// As a pager does: first the common case alone, which must then be what the whole way comes to. The first fault of a region
    /// goes the whole way, and makes its window.
    /// </summary>
    private static FaultOutcome Fault(Workshop workshop, RegionMap* map, ulong address, FaultAccess access)
    {
        access |= FaultAccess.User;
        bool wasDirect = workshop.Mapping.TryResolveDirect(map, address, access, 0, out _);
        FaultOutcome outcome = workshop.Mapping.Resolve(map, address, access, 0, out Resolution resolution);
        bool isDirect = workshop.Mapping.TryResolveDirect(map, address, access, 0, out DirectResolution direct);
        Assert.Equal(outcome == FaultOutcome.Resolved && resolution.Path.Length == 1, isDirect);
        Assert.True(isDirect || !wasDirect);
        if (isDirect)
        {
            Assert.Equal(
                (resolution.Window, resolution.Rights, resolution.Address, resolution.Offset),
                (direct.Window, direct.Rights, direct.Address, direct.Offset)
            );
        }
        return outcome;
    }

    private static Dataspace* Ram(Workshop workshop, ulong bytes)
    {
        Assert.Equal(ChargeResult.Ok, workshop.Ram.Allocate(bytes, null, default, out Dataspace* dataspace));
        return dataspace;
    }

    private static AttachStatus Attach(
        Workshop workshop,
        RegionMap* map,
        Dataspace* dataspace,
        ulong at,
        ulong size,
        ulong offset,
        FrameRights rights = ReadWrite
    ) =>
        workshop.Mapping.Attach(
            map,
            dataspace,
            new AttachRequest
            {
                Fixed = true,
                Address = at,
                Size = size,
                Offset = offset,
                Rights = rights,
            },
            out _
        );

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

    /// <summary>Whoever attaches and detaches for ever needs no more page tables than at first.</summary>
    [Fact]
    public void WhatWasDetachedIsUsedAgain()
    {
        using var workshop = new Workshop();
        RegionMap* map = workshop.Mapping.TryCreateMap(0, 1ul << 30, null);
        Dataspace* ram = Ram(workshop, 2 * Page);
        var request = new AttachRequest { Rights = ReadWrite };
        workshop.Mapping.Attach(map, ram, request, out ulong kept);
        for (int i = 0; i < 2000; i++)
        {
            Assert.Equal(AttachStatus.Ok, workshop.Mapping.Attach(map, ram, request, out ulong first));
            Assert.Equal(AttachStatus.Ok, workshop.Mapping.Attach(map, ram, request, out ulong second));
            Assert.InRange(first, kept, kept + 8 * Page);
            Assert.InRange(second, kept, kept + 8 * Page);
            Assert.True(workshop.Mapping.Detach(map, i % 2 == 0 ? first : second));
            Assert.True(workshop.Mapping.Detach(map, i % 2 == 0 ? second : first));
        }
    }
}
