using System;
using System.Collections.Generic;
using Skerry.Abi;
using Skerry.Base.Kernel;
using Skerry.Base.Memory;
using Skerry.Base.RegionMaps;
using Skerry.Tests.Host.Memory;
using Xunit;
using static Skerry.Tests.Host.RegionMaps.MapActions;

namespace Skerry.Tests.Host.RegionMaps;

/// <summary>What is attached where, what is refused, and that everything comes back.</summary>
public sealed unsafe class RegionMapTests
{
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
}
