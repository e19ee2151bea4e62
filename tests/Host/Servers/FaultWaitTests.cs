using System;
using System.Collections.Generic;
using Skerry.Abi;
using Skerry.Base.Kernel;
using Skerry.Base.RegionMaps;
using Skerry.Base.Servers.Components;
using Skerry.Base.Servers.Services;
using Skerry.Base.Sessions;
using Skerry.Tests.Host.Servers.House;
using Xunit;

namespace Skerry.Tests.Host.Servers;

/// <summary>
/// Who waits for a fault handler is resumed or told of when there is nothing to wait for any more; many are resumed in pieces, between
/// which others are served.
/// </summary>
[Collection("CapabilitySlots")]
public sealed unsafe class FaultWaitTests
{
    private const int C = ServerHouse.Client;
    private const int P = ServerHouse.Provider;
    private const ulong Page = UserLayout.PageSize;
    private const ulong Place = 0x20_0000_0000;
    private const FrameRights Both = FrameRights.Read | FrameRights.Write;

    /// <summary>More than go on in two pieces.</summary>
    private const uint Many = 2 * RequestLimits.ResumedFaults + 8;

    /// <summary>System calls of the longest piece: an answer each, and what a handler that is looked at costs.</summary>
    private const int Most = (int)RequestLimits.ResumedFaults + 4;

    [Fact]
    public void WhoWaitsForAHandlerThatIsTakenAwayFaultsAgain()
    {
        using ServerHouse house = Started();
        SetHandler(C);
        Assert.True(house.Fault(C, FirstThread(house), Place));
        Assert.Equal(RegionMapResult.Ok, Course.Space(C).SetFaultHandler(default));
        CheckFaultsAgainAndCrashes(house);
    }

    [Fact]
    public void WhoWaitsForAHandlerOfADomainThatEndsFaultsAgain()
    {
        using ServerHouse house = Started();
        Course.Pd(P).AllocateNotification(0, out NotificationCapability theirs);
        const uint granted = 900;
        Assert.Equal(Status.Ok, house.Kernel.Copy(house.CapabilityAt(P, theirs.Slot.Value), house.TableOf(C), granted));
        var handler = new NotificationCapability(new CapabilitySlot(granted));
        Assert.Equal(RegionMapResult.Ok, Course.Space(C).SetFaultHandler(handler));
        Assert.True(house.Fault(C, FirstThread(house), Place));
        house.End(P);
        CheckFaultsAgainAndCrashes(house);
    }

    /// <summary>That of another domain, which has nothing to do with it.</summary>
    [Fact]
    public void WhoWaitsForAHandlerThatIsThereWaitsOn()
    {
        using ServerHouse house = Started();
        SetHandler(C);
        Assert.True(house.Fault(C, FirstThread(house), Place));
        house.End(P);
        Assert.Empty(house.Kernel.Answers);
        Assert.Equal(RegionFaultKind.Read, Told(C).Kind);
    }

    [Fact]
    public void WhoCantPayForTheWaitHasCrashedForThat()
    {
        using ServerHouse house = Started();
        SetHandler(C);
        while (Course.Pd(C).AllocateRam(Page, default, CacheAttribute.WriteBack, out _) == AllocationResult.Ok) { }
        for (ulong thread = 1; house[C]->State == ChildState.Running; thread++)
        {
            Assert.True(thread < 100);
            house.Fault(new PlayedFault(house[C]->Pd->Handle.Value, FaultLabel.Page, Place, thread));
        }
        Assert.Equal(FaultOutcome.OutOfResources, house[C]->Crash.Outcome);
        house.End(C);
        house.CheckNobodyIsHeld();
    }

    [Fact]
    public void WhatTheParentRefusesCrashesThoughThereIsAHandler()
    {
        using var house = new ServerHouse(isVcore: true);
        ChildTransport.House = house;
        Assert.True(house.TryStart(C));
        SetHandler(C);
        Course.Pd(C).AllocateNotification(0, out NotificationCapability theirs);
        var foreign = new DataspaceCapability(theirs.Capability);
        Assert.Equal(AttachResult.Ok, Course.Space(C).Attach(foreign, 0, 0, Place, Both, out _));
        house.Fault(new PlayedFault(house[C]->Pd->Handle.Value, FaultLabel.Page, Place, FirstThread(house)));
        Assert.Equal(ChildState.Crashed, house[C]->State);
        Assert.Equal(FaultOutcome.ForeignEmpty, house[C]->Crash.Outcome);
        house.End(C);
        house.CheckNobodyIsHeld();
    }

    /// <summary>At whatever moment.</summary>
    /// <param name="name">What ends the wait of many.</param>
    [Theory]
    [InlineData("an attach")]
    [InlineData("no handler any more")]
    [InlineData("the end of the handler's domain")]
    public void WhoeverAsksWhileManyGoOnIsServedSoon(string name)
    {
        int longest = 0;
        int calls = int.MaxValue;
        for (int moment = 0; moment < calls; moment += 3)
        {
            using ServerHouse house = Started();
            Action end = ManyWait(house, name);
            var asking = new AskingKernel(SystemCalls.Double!, moment, house);
            SystemCalls.Double = asking;
            end();
            SystemCalls.Double = house.Kernel;
            asking.Join();
            Assert.Equal((int)Many, house.Kernel.Answers.Count);
            longest = Math.Max(longest, asking.Waited);
            calls = asking.Calls;
        }
        Assert.InRange(calls, (int)Many, int.MaxValue);
        Assert.InRange(longest, 1, Most);
    }

    /// <summary>Who destroys a map in which many wait asks again; in between others are served.</summary>
    [Fact]
    public void AMapInWhichManyWaitIsDestroyedInPieces()
    {
        using ServerHouse house = Started();
        Course.Rm(C).Create(Page, out RegionMapCapability map);
        var inner = new RegionMapClient<ChildTransport>(Course.At(C, map.Capability));
        Course.Pd(C).AllocateNotification(0, out NotificationCapability handler);
        inner.SetFaultHandler(handler);
        inner.Dataspace(out DataspaceCapability inside);
        Assert.Equal(AttachResult.Ok, Course.Space(C).Attach(inside, 0, 0, Place, Both, out _));
        FaultMany(house);
        var answered = new List<int>();
        while (Course.Rm(C).Destroy(map) == RegionMapResult.NotYet)
        {
            answered.Add(house.Kernel.Answers.Count);
        }
        Assert.Equal([16, 32], answered);
        Assert.Equal((int)Many, house.Kernel.Answers.Count);
        house.Kernel.Answers.Clear();
        house.CheckNobodyIsHeld();
    }

    private static ServerHouse Started()
    {
        var house = new ServerHouse();
        ChildTransport.House = house;
        Assert.True(house.TryStart(C) && house.TryStart(P));
        return house;
    }

    private static ulong FirstThread(ServerHouse house) => house[C]->Pd->Threads->Handle.Value;

    private static void SetHandler(int child)
    {
        Course.Pd(child).AllocateNotification(0, out NotificationCapability handler);
        Assert.Equal(RegionMapResult.Ok, Course.Space(child).SetFaultHandler(handler));
    }

    private static RegionFault Told(int child)
    {
        Assert.Equal(RegionMapResult.Ok, Course.Space(child).Fault(out RegionFault fault));
        return fault;
    }

    private static void CheckFaultsAgainAndCrashes(ServerHouse house)
    {
        Assert.Single(house.Kernel.Answers);
        Assert.Equal(RegionFaultKind.None, Told(C).Kind);
        house.Fault(new PlayedFault(house[C]->Pd->Handle.Value, FaultLabel.Page, Place, FirstThread(house)));
        Assert.Equal(ChildState.Crashed, house[C]->State);
        Assert.Equal(FaultOutcome.NoRegion, house[C]->Crash.Outcome);
        house.End(C);
        house.Kernel.Answers.Clear();
        house.CheckNobodyIsHeld();
    }

    /// <summary>Many threads of the client wait for a handler of the provider's.</summary>
    /// <returns>What lets them go on.</returns>
    private static Action ManyWait(ServerHouse house, string name)
    {
        Course.Pd(C).AllocateRam(Page, default, CacheAttribute.WriteBack, out DataspaceCapability memory);
        Course.Pd(P).AllocateNotification(0, out NotificationCapability theirs);
        const uint granted = 900;
        house.Kernel.Copy(house.CapabilityAt(P, theirs.Slot.Value), house.TableOf(C), granted);
        Course.Space(C).SetFaultHandler(new NotificationCapability(new CapabilitySlot(granted)));
        FaultMany(house);
        return name switch
        {
            "an attach" => () => Course.Space(C).Attach(memory, 0, 0, Place, Both, out _),
            "no handler any more" => () => Course.Space(C).SetFaultHandler(default),
            _ => () => house.End(P),
        };
    }

    private static void FaultMany(ServerHouse house)
    {
        for (ulong thread = 1; thread <= Many; thread++)
        {
            Assert.True(house.Fault(C, thread, Place));
        }
    }
}
