using System.Collections.Generic;
using Skerry.Tests.Host.Servers.House;
using Xunit;

namespace Skerry.Tests.Host.Servers;

/// <summary>What is undone leaves nothing behind, however often it is done: the accounts of the end are those of the beginning.</summary>
[Collection("CapabilitySlots")]
public sealed class CycleTests(ITestOutputHelper output)
{
    private const int Many = 10_000;
    private const int MostAttaches = 100_000;

    public static TheoryData<string> Names => [.. Protocols.Cycles.Keys];

    [Theory]
    [MemberData(nameof(Names))]
    public void WhatIsUndoneLeavesNothing(string name)
    {
        (Step[] first, Step[] again) = Protocols.Cycles[name];
        using var house = new ServerHouse(isVcore: name.StartsWith("another"));
        ChildTransport.House = house;
        var course = new Course(house);
        Assert.True(house.TryStart(ServerHouse.Client) && house.TryStart(ServerHouse.Provider));
        Play(course, first);
        HashSet<uint>[] kept =
        [
            [.. house.SlotsOf(ServerHouse.Client)],
            [.. house.SlotsOf(ServerHouse.Provider)],
        ];
        // Tables for addresses that are used the first time stay.
        Again(course, again, kept);
        Accounts before = house.Count();
        int cycles = name.StartsWith("attaches") ? MostAttaches : Many;
        for (int i = 0; i < cycles; i++)
        {
            Again(course, again, kept);
        }
        output.WriteLine($"before {cycles} cycles: {before}\nafter them:  {house.Count()}");
        Assert.Equal(before, house.Count());
    }

    /// <summary>A child is started, works, ends in the middle of it, and is started anew.</summary>
    [Fact]
    public void AChildThatIsStartedAgainLeavesNothing()
    {
        using var house = new ServerHouse();
        ChildTransport.House = house;
        Step[][] works = [.. Protocols.All.Values];
        Accounts before = default;
        for (int i = 0; i < Many; i++)
        {
            house.Settle();
            before = i == 0 ? house.Count() : before;
            Step[] steps = works[i % works.Length];
            var course = new Course(house);
            for (int child = 0; child < ServerHouse.ChildCount; child++)
            {
                Assert.True(house.TryStart(child));
            }
            Play(course, steps[..(i / works.Length % (steps.Length + 1))]);
            for (int child = 0; child < ServerHouse.ChildCount; child++)
            {
                house.End(child);
            }
        }
        house.Settle();
        output.WriteLine($"before {Many} starts: {before}\nafter them:  {house.Count()}");
        Assert.Equal(before, house.Count());
        house.CheckNobodyIsHeld();
    }

    private static void Again(Course course, Step[] steps, HashSet<uint>[] kept)
    {
        ChildTransport.Refused = 0;
        Play(course, steps);
        Assert.Equal(0, ChildTransport.Refused);
        course.House.Forget(ServerHouse.Client, kept[0]);
        course.House.Forget(ServerHouse.Provider, kept[1]);
        course.House.Kernel.Answers.Clear();
        course.House.Settle();
    }

    private static void Play(Course course, Step[] steps)
    {
        foreach (Step step in steps)
        {
            step.Do(course);
        }
    }
}
