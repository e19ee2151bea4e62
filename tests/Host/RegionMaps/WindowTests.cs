using Skerry.Abi;
using Skerry.Base.Kernel;
using Skerry.Base.Memory;
using Skerry.Base.RegionMaps;
using Skerry.Tests.Host.Memory;
using Xunit;

namespace Skerry.Tests.Host.RegionMaps;

/// <summary>What hangs below the window of a region goes with it: a message buffer, or pages that a server below has.</summary>
public sealed unsafe class WindowTests
{
    private const ulong Page = 4096;
    private const FaultAccess Write = FaultAccess.Write | FaultAccess.User;
    private static readonly CapabilitySlot _derived = new(900_000);

    /// <summary>Of memory that is attached to the address space itself, or in a map inside: whichever of the two is detached.</summary>
    [Theory]
    [InlineData(false, false)]
    [InlineData(true, false)]
    [InlineData(true, true)]
    public void WhatWasDerivedGoesWhenItIsDetached(bool nested, bool innerGoes)
    {
        using var workshop = new Workshop();
        RegionMap* space = workshop.Mapping.TryCreateMap(0, 4 * Page, null);
        RegionMap* inner = workshop.Mapping.TryCreateMap(0, Page, null);
        Assert.Equal(ChargeResult.Ok, workshop.Ram.Allocate(Page, null, default, out Dataspace* memory));
        Attach(workshop, inner, memory);
        Attach(workshop, space, nested ? workshop.Mapping.TryGetManaged(inner) : memory);
        Assert.Equal(FaultOutcome.Resolved, workshop.Mapping.Resolve(space, 0, Write, 0, out Resolution resolution));
        Assert.Equal(Status.Ok, workshop.Kernel.Derive(resolution.Window, _derived, 0, 1));
        Assert.Equal(0ul, workshop.Kernel.AddressOf(_derived, 0) % Page);

        Assert.True(workshop.Mapping.Detach(innerGoes ? inner : space, 0));
        Assert.NotEqual(Status.Ok, workshop.Kernel.Delete(_derived));
    }

    /// <summary>Two pieces of a map side by side, with one region inside that both show: each has a window of its own.</summary>
    [Fact]
    public void EachOfTwoPiecesGoesWithItsOwn()
    {
        using var workshop = new Workshop();
        RegionMap* space = workshop.Mapping.TryCreateMap(0, 4 * Page, null);
        RegionMap* inner = workshop.Mapping.TryCreateMap(0, 2 * Page, null);
        Assert.Equal(ChargeResult.Ok, workshop.Ram.Allocate(2 * Page, null, default, out Dataspace* memory));
        Attach(workshop, inner, memory);
        Dataspace* managed = workshop.Mapping.TryGetManaged(inner);
        Attach(workshop, space, managed, 0, Page);
        Attach(workshop, space, managed, Page, Page);
        Assert.Equal(FaultOutcome.Resolved, workshop.Mapping.Resolve(space, 0, Write, 0, out Resolution first));
        Assert.Equal(FaultOutcome.Resolved, workshop.Mapping.Resolve(space, Page, Write, 0, out Resolution second));
        Assert.NotEqual(first.Window, second.Window);

        Assert.True(workshop.Mapping.Detach(space, Page));
        Assert.NotEqual(Status.Ok, workshop.Kernel.Delete(second.Window));
        Assert.Equal(Status.Ok, workshop.Kernel.Derive(first.Window, _derived, 0, 1));
    }

    private static void Attach(Workshop workshop, RegionMap* map, Dataspace* dataspace, ulong at, ulong size)
    {
        var request = new AttachRequest
        {
            Fixed = true,
            Address = at,
            Offset = at,
            Size = size,
            Rights = FrameRights.Read | FrameRights.Write,
        };
        Assert.Equal(AttachStatus.Ok, workshop.Mapping.Attach(map, dataspace, request, out _));
    }

    private static void Attach(Workshop workshop, RegionMap* map, Dataspace* dataspace)
    {
        var request = new AttachRequest { Fixed = true, Rights = FrameRights.Read | FrameRights.Write };
        Assert.Equal(AttachStatus.Ok, workshop.Mapping.Attach(map, dataspace, request, out _));
    }
}
