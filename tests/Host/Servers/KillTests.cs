using System.Collections.Generic;
using System.Linq;
using Skerry.Tests.Host.Servers.House;
using Xunit;

namespace Skerry.Tests.Host.Servers;

/// <summary>
/// Every child of every protocol ends between every two of its messages; who is left goes on, and ends too. Then the server has
/// what it had.
/// </summary>
[Collection("CapabilitySlots")]
public sealed class KillTests
{
    public static TheoryData<string> Names => [.. Protocols.All.Keys];

    [Theory]
    [MemberData(nameof(Names))]
    public void NothingIsLostWhoeverEndsWhenever(string protocol)
    {
        Step[] steps = Protocols.All[protocol];
        int[] actors = [.. steps.Select(static step => step.Actor).Distinct()];
        using var house = new ServerHouse();
        ChildTransport.House = house;
        house.Settle();
        Accounts before = house.Count();
        for (int boundary = 0; boundary <= steps.Length; boundary++)
        {
            foreach (int victim in actors)
            {
                Play(house, steps, boundary, victim);
                house.Settle();
                Accounts after = house.Count();
                Assert.True(before == after, $"{protocol}: {victim} ends before {boundary}:\n{before}\n{after}");
                house.CheckNobodyIsHeld();
            }
        }
    }

    /// <summary>
    /// What a message brings leaves the slots that all messages need as soon as it is answered, whatever becomes of it: nobody
    /// can have others' messages find none.
    /// </summary>
    [Theory]
    [MemberData(nameof(Names))]
    public void NoSlotForMessagesIsKept(string protocol)
    {
        Step[] steps = Protocols.All[protocol];
        using var house = new ServerHouse();
        ChildTransport.House = house;
        var course = new Course(house);
        StartAll(house, steps);
        int before = house.Count().MessageSlots;
        for (int i = 0; i < steps.Length; i++)
        {
            steps[i].Do(course);
            Assert.True(before == house.Count().MessageSlots, $"{protocol}: step {i} keeps a slot for messages");
        }
    }

    /// <summary>Without an end in between every step does what it is for: else nothing would be tried.</summary>
    [Fact]
    public void TheProtocolsDoWhatTheySay()
    {
        using var house = new ServerHouse();
        ChildTransport.House = house;
        List<string> idle = [];
        foreach ((string name, Step[] steps) in Protocols.All)
        {
            var course = new Course(house);
            StartAll(house, steps);
            foreach (Step step in steps)
            {
                ChildTransport.Refused = 0;
                step.Do(course);
                if (ChildTransport.Refused > (step.TakesMore ? 1 : 0))
                {
                    idle.Add($"{name}, step {System.Array.IndexOf(steps, step)}: {ChildTransport.Refused}");
                }
            }
            EndAll(house);
        }
        Assert.Empty(idle);
    }

    private static void Play(ServerHouse house, Step[] steps, int boundary, int victim)
    {
        var course = new Course(house);
        StartAll(house, steps);
        for (int i = 0; i < steps.Length; i++)
        {
            if (i == boundary)
            {
                house.End(victim);
            }
            if (house.IsAlive(steps[i].Actor))
            {
                steps[i].Do(course);
            }
        }
        EndAll(house);
    }

    private static void StartAll(ServerHouse house, Step[] steps)
    {
        foreach (int actor in steps.Select(static step => step.Actor).Distinct())
        {
            Assert.True(house.TryStart(actor));
        }
    }

    private static void EndAll(ServerHouse house)
    {
        for (int i = 0; i < ServerHouse.ChildCount; i++)
        {
            if (house.IsAlive(i))
            {
                house.End(i);
            }
        }
    }
}
