using Skerry.Abi;
using Skerry.Base.Kernel;
using Skerry.Base.RegionMaps;
using Skerry.Tests.Host.Memory;
using Xunit;
using static Skerry.Tests.Host.RegionMaps.MapActions;

namespace Skerry.Tests.Host.RegionMaps;

/// <summary>What another server gives for a fault in a dataspace of its own.</summary>
public sealed unsafe class ForwardedFaultTests
{
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

    /// <summary>
    /// While its server is asked, the dataspace goes and another comes to the same place: the slot by which it was asked is
    /// nobody else's, and what it answers is not taken for the other's.
    /// </summary>
    [Fact]
    public void WhatIsAskedForIsNotTakenForAnother()
    {
        using var workshop = new Workshop();
        RegionMap* map = workshop.Mapping.TryCreateMap(0, 64 * Page, null);
        uint free = workshop.FreeSlots;
        Dataspace* one = Foreign(workshop, out CapabilitySlot first);
        Attach(workshop, map, one, 0, 0, 0);
        Assert.Equal(
            FaultOutcome.NeedsForward,
            workshop.Mapping.Resolve(map, 0, FaultAccess.User, 0, out Resolution forwarded)
        );
        Assert.True(workshop.Mapping.Detach(map, 0));
        workshop.Mapping.FreeDataspace(one);

        Dataspace* other = Foreign(workshop, out CapabilitySlot second);
        Assert.NotEqual(first, second);
        Attach(workshop, map, other, 0, 0, 0);
        var frame = new CapabilitySlot(901);
        FaultOutcome outcome = workshop.Mapping.CompleteForward(
            map,
            FaultAccess.User,
            in forwarded,
            frame,
            0,
            1,
            0,
            out _
        );
        Assert.Equal(FaultOutcome.Retry, outcome);

        // Whom the first one's server has refused by then tries again: it is another's page.
        forwarded.Outcome = FaultOutcome.ForeignFailed;
        HeldCaller held = default;
        Assert.Equal(DeferResult.Retry, workshop.Mapping.Defer(map, forwarded, FaultAccess.User, 1, &held));
        Assert.True(workshop.FreeSlots < free);
    }

    private static Dataspace* Foreign(Workshop workshop, out CapabilitySlot slot)
    {
        slot = workshop.TakeSlot();
        return workshop.Mapping.TryAddForeign(slot, Page, null);
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
}
