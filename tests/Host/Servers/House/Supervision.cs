using System.Collections.Generic;
using Skerry.Base.Servers;
using Skerry.Base.Servers.Components;
using Skerry.Base.Servers.Services;
using Xunit;

namespace Skerry.Tests.Host.Servers.House;

/// <summary>What the main thread of a server does with the ends of its children.</summary>
internal static unsafe class Supervision
{
    /// <summary>Takes back what those had that have ended; those that are not started again are forgotten.</summary>
    public static void TakeBack(ServerHouse house)
    {
        Server* server = house.Server;
        for (Child* child = Supervisor.NextEnded(server); child != null; child = Supervisor.NextEnded(server))
        {
            bool startsAgain = Restarts.AreDue(child);
            Children.Destroy(server, child, startsAgain);
            if (startsAgain)
            {
                Restarts.Await(server, child);
            }
            else
            {
                house.Remove((int)child->ConfigurationIndex);
            }
        }
    }

    /// <summary>The starter has its turn each time that it wants one, until nobody waits for his start.</summary>
    /// <returns>Who was started again, in order.</returns>
    public static List<int> StartThoseThatWait(ServerHouse house)
    {
        List<int> started = [];
        while (TryStartNext(house, out int child))
        {
            started.Add(child);
        }
        return started;
    }

    /// <returns>False if nobody waits for his start.</returns>
    public static bool TryStartNext(ServerHouse house, out int started)
    {
        Assert.True(Restarts.Next(house.Server) == null, "who has no turn is started");
        if (AnyoneWaits(house))
        {
            house.Server->Starter.HaveTurn();
        }
        Child* next = Restarts.Next(house.Server);
        started = next == null ? -1 : (int)next->ConfigurationIndex;
        if (next != null)
        {
            Assert.Equal(LoadResult.Ok, house.Load(started, next->Record.Restarts, next->Record.RestartCause));
        }
        return next != null;
    }

    private static bool AnyoneWaits(ServerHouse house)
    {
        for (Child* child = house.Server->Children; child != null; child = child->Next)
        {
            if (child->State == ChildState.AwaitsStart)
            {
                return true;
            }
        }
        return false;
    }
}
