using System;
using Skerry.Base.Kernel;
using Skerry.Base.Sessions;
using Skerry.Tests.Host.Servers.House;
using Xunit;

namespace Skerry.Tests.Host.Servers;

/// <summary>What a server says of its children's requests while its service lock is held.</summary>
[Collection("CapabilitySlots")]
public sealed unsafe class ServiceLinesTests
{
    private static int told;
    private static bool hasRoom;

    /// <summary>A child announces without end what it does not provide: each line that waited for the console would stop all.</summary>
    [Fact]
    public void AFloodOfAnnouncesIsToldAFewTimesAndWaitsForNothing()
    {
        using var house = new ServerHouse();
        ChildTransport.House = house;
        house.Server->Hooks.Print = &Wait;
        house.Server->Hooks.TryPrint = &Take;
        Assert.True(house.TryStart(ServerHouse.Client));
        Course.Pd(ServerHouse.Client).AllocateNotification(0, out NotificationCapability requests);
        told = 0;
        hasRoom = false;
        Announce(requests, 20);
        hasRoom = true;
        Announce(requests, 20);
        Assert.Equal(8, told);
    }

    private static void Announce(NotificationCapability requests, int times)
    {
        for (int i = 0; i < times; i++)
        {
            Assert.Equal(ParentResult.Denied, Course.Parent(ServerHouse.Client).Announce("Nothing"u8, requests));
        }
    }

    private static void Wait(ReadOnlySpan<byte> line) => Assert.Fail("waits for the console with the lock held");

    private static LogResult Take(ReadOnlySpan<byte> line)
    {
        told += hasRoom ? 1 : 0;
        return hasRoom ? LogResult.Ok : LogResult.Busy;
    }
}
