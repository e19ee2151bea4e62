using System.Linq;
using Skerry.Abi;
using Skerry.Base.Kernel;
using Skerry.Base.Servers.Components;
using Skerry.Base.Sessions;
using Skerry.Tests.Host.Servers.House;
using Xunit;

namespace Skerry.Tests.Host.Servers;

/// <summary>
/// Threads fault while the server has nothing left to hold them by, as one child may have brought about: the pager goes on to the
/// next, and whoever can't be held tries again.
/// </summary>
[Collection("CapabilitySlots")]
public sealed unsafe class UnheldFaultTests
{
    private const int C = ServerHouse.Client;
    private const int P = ServerHouse.Provider;
    private const int L = ServerHouse.Lower;
    private const ulong Nowhere = 8;

    [Theory]
    [InlineData(FaultLabel.Exception)]
    [InlineData(FaultLabel.UnknownSystemCall)]
    [InlineData(FaultLabel.Page)]
    public void WhoCrashesIsReportedAndInNobodysWay(FaultLabel label)
    {
        using ServerHouse house = Started();
        PlayedFault[] faults = [.. new[] { C, L, P, C }.Select(child => Fault(house, child, label))];

        PagerKernel kernel = house.Fault(faults);

        Assert.Equal((0, faults.Length), (kernel.Refused, kernel.LetGoOn));
        foreach (int child in new[] { C, L, P })
        {
            Assert.Equal(ChildState.Crashed, house[child]->State);
            house.End(child);
        }
    }

    /// <summary>It has crashed before: whoever what held it then holds tries again, and it is free to hold the next.</summary>
    [Fact]
    public void WhatHeldACrashBeforeHoldsTheNext()
    {
        using ServerHouse house = Started(usesUp: false);
        PlayedFault crash = Fault(house, C, FaultLabel.Exception);
        house.Fault(crash);
        house.UseUpCallers();
        house.Kernel.Answers.Clear();

        PagerKernel kernel = house.Fault(crash, crash);

        Assert.Equal((0, 1), (kernel.Refused, kernel.LetGoOn));
        Assert.Single(house.Kernel.Answers);
        Assert.True(house[C]->Pd->Threads->Crashed != null);
        house.End(C);
    }

    /// <summary>A fault that somebody is to answer is no crash: it waits for memory, on the faulter's time.</summary>
    [Fact]
    public void WhoHasAHandlerHasNotCrashed()
    {
        using ServerHouse house = Started(usesUp: false);
        Course.Pd(C).AllocateNotification(0, out NotificationCapability handler);
        Assert.Equal(RegionMapResult.Ok, Course.Space(C).SetFaultHandler(handler));
        house.UseUpCallers();

        PagerKernel kernel = house.Fault(Fault(house, C, FaultLabel.Page));

        Assert.Equal((0, 1), (kernel.Refused, kernel.LetGoOn));
        Assert.Equal(ChildState.Running, house[C]->State);
        house.End(C);
    }

    private static ServerHouse Started(bool usesUp = true)
    {
        var house = new ServerHouse();
        ChildTransport.House = house;
        Assert.True(house.TryStart(C) && house.TryStart(P) && house.TryStart(L));
        if (usesUp)
        {
            house.UseUpCallers();
        }
        return house;
    }

    private static PlayedFault Fault(ServerHouse house, int child, FaultLabel label) =>
        new(house[child]->Pd->Handle.Value, label, Nowhere, house[child]->Pd->Threads->Handle.Value);
}
