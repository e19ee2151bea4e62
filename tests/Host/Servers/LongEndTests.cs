using System;
using Skerry.Abi;
using Skerry.Base.Kernel;
using Skerry.Base.Sessions;
using Skerry.Tests.Host.Servers.House;
using Xunit;

namespace Skerry.Tests.Host.Servers;

/// <summary>
/// A child that has much ends. Whoever asks for the service lock meanwhile, at whatever moment, has it a bounded number of
/// system calls later.
/// </summary>
[Collection("CapabilitySlots")]
public sealed class LongEndTests
{
    private const int C = ServerHouse.Client;
    private const int Things = 40;

    /// <summary>System calls of the longest piece: as many regions as one request detaches, two calls each, and a dataspace.</summary>
    private const int Most = 45;

    [Fact]
    public void WhoeverAsksMeanwhileIsServedSoon()
    {
        using var house = new ServerHouse();
        ChildTransport.House = house;
        IKernelDouble kernel = SystemCalls.Double!;
        int longest = 0;
        int calls = int.MaxValue;
        for (int moment = 0; moment < calls; moment += 3)
        {
            Assert.True(house.TryStart(C));
            Fill();
            var counting = new AskingKernel(kernel, moment, house);
            SystemCalls.Double = counting;
            house.End(C);
            SystemCalls.Double = kernel;
            counting.Join();
            longest = Math.Max(longest, counting.Waited);
            calls = counting.Calls;
        }
        Assert.InRange(calls, 6 * Most, int.MaxValue);
        Assert.InRange(longest, 1, Most);
    }

    /// <summary>Dataspaces, one in many places, a map with much in it, endpoints, sessions.</summary>
    private static void Fill()
    {
        PdSessionClient<ChildTransport> pd = Course.Pd(C);
        Course.Rm(C).Create(Things * UserLayout.PageSize, out RegionMapCapability map);
        DataspaceCapability memory = default;
        for (int i = 0; i < Things; i++)
        {
            pd.AllocateRam(UserLayout.PageSize, default, CacheAttribute.WriteBack, out memory);
            Attach(Course.Space(C), memory);
            Attach(new(Course.At(C, map.Capability)), memory);
        }
        for (int i = 0; i < Things; i++)
        {
            Attach(Course.Space(C), memory);
            pd.AllocateEndpoint(0, out _);
            Course.Parent(C).OpenSession("LOG"u8, "label"u8, ""u8, default, Quota.None, out _, out _);
        }
    }

    private static void Attach(RegionMapClient<ChildTransport> map, DataspaceCapability memory) =>
        map.Attach(memory, 0, 0, IRegionMap.AnyAddress, FrameRights.Read, out _);
}
