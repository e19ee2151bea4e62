using System;
using System.Collections.Generic;
using System.Threading;
using Skerry.Abi;
using Skerry.Base.Kernel;
using Skerry.Base.Servers.Objects;
using Skerry.Base.Servers.Services;
using Skerry.Base.Sessions;
using Xunit;

namespace Skerry.Tests.Host.Servers.House;

/// <summary>
/// A thread of a child's on one CPU, at work with the child's memory: it allocates, attaches, maps, detaches and frees, now
/// and then in a region map that it makes, and with what others allow it to attach.
/// </summary>
internal sealed unsafe class Tenant
{
    private const int Most = 6;
    private const ulong Page = UserLayout.PageSize;
    private const FrameRights Both = FrameRights.Read | FrameRights.Write;

    /// <summary>Where a thread attaches what is another child's.</summary>
    private const ulong PlaceOfOthers = 0x30_0000_0000;
    private readonly PdSessionClient<BadgeTransport> _pd;
    private readonly RegionMapClient<BadgeTransport> _space;
    private readonly RmSessionClient<BadgeTransport> _rm;
    private readonly Func<ulong, RegionMapClient<BadgeTransport>> _map;
    private readonly List<(DataspaceCapability Memory, ulong Bytes, ulong Address)> _own = [];
    private readonly ulong[] _offers;
    private readonly int _number;
    private readonly Random _random;

    /// <param name="house">The server's.</param>
    /// <param name="kernel">Below it.</param>
    /// <param name="child">Whose memory it is.</param>
    /// <param name="cpu">Where the thread calls.</param>
    /// <param name="offers">Badges of what each offers the others, by its CPU; 0 for nothing.</param>
    public Tenant(ServerHouse house, LockedKernel kernel, int child, uint cpu, ulong[] offers)
    {
        ProtectionDomain* pd = house[child]->Pd;
        ServiceSession* rm = pd->Sessions;
        while (rm->Handle.Kind != ObjectKind.RmSession)
        {
            rm = rm->Next;
        }
        _pd = new(At(pd->Handle.Value));
        _space = new(At(pd->Map->Handle));
        _rm = new(At(rm->Handle.Value));
        _map = badge => new(At(badge));
        _offers = offers;
        _number = (int)cpu;
        _random = new Random((int)cpu);

        BadgeTransport At(ulong badge) => new(house, kernel, cpu, badge);
    }

    public void Work(int rounds)
    {
        for (int i = 0; i < rounds; i++)
        {
            switch (_random.Next(8))
            {
                case < 3 when _own.Count < Most:
                    Take();
                    break;
                case < 5 when _own.Count != 0:
                    GiveBack(_random.Next(_own.Count));
                    break;
                case 5:
                    UseMap();
                    break;
                case 6:
                    UseOffer();
                    break;
                default:
                    Ask();
                    break;
            }
        }
        Volatile.Write(ref _offers[_number], 0);
        while (_own.Count != 0)
        {
            GiveBack(0);
        }
    }

    private void Take()
    {
        ulong bytes = (ulong)_random.Next(1, 9) * Page;
        DataspaceCapability memory = Allocate(bytes);
        Assert.Equal(AttachResult.Ok, _space.Attach(memory, 0, 0, IRegionMap.AnyAddress, Both, out ulong address));
        Assert.Equal(PdResult.Ok, _pd.Map(address, bytes, out _));
        _own.Add((memory, bytes, address));
        if (_random.Next(2) == 0)
        {
            Volatile.Write(ref _offers[_number], memory.Capability.Badge);
        }
    }

    /// <summary>Detached before or with it.</summary>
    private void GiveBack(int index)
    {
        (DataspaceCapability memory, _, ulong address) = _own[index];
        _own.RemoveAt(index);
        if (_random.Next(2) == 0)
        {
            Assert.Equal(RegionMapResult.Ok, _space.Detach(address));
        }
        Assert.Equal(DataspaceResult.Ok, _pd.FreeRam(memory));
    }

    private void UseMap()
    {
        Assert.Equal(RegionMapResult.Ok, _rm.Create(16 * Page, out RegionMapCapability made));
        RegionMapClient<BadgeTransport> map = _map(made.Capability.Badge);
        DataspaceCapability memory = Allocate(Page);
        for (ulong at = 0; at < 3 * Page; at += Page)
        {
            Assert.Equal(AttachResult.Ok, map.Attach(memory, 0, 0, at, Both, out _));
        }
        Assert.Equal(RegionMapResult.Ok, map.Detach(Page));
        if (_random.Next(2) == 0)
        {
            Assert.Equal(DataspaceResult.Ok, _pd.FreeRam(memory));
            Assert.Equal(RegionMapResult.Ok, _rm.Destroy(made));
        }
        else
        {
            Assert.Equal(RegionMapResult.Ok, _rm.Destroy(made));
            Assert.Equal(DataspaceResult.Ok, _pd.FreeRam(memory));
        }
    }

    /// <summary>Attaches what another offers, who may free it at any moment.</summary>
    private void UseOffer()
    {
        ulong badge = Volatile.Read(ref _offers[_random.Next(_offers.Length)]);
        if (badge == 0)
        {
            return;
        }
        var offer = new DataspaceCapability(Capability.OwnObject(badge));
        ulong place = PlaceOfOthers + (ulong)_number * Page;
        AttachResult attached = _space.Attach(offer, Page, 0, place, FrameRights.Read, out _);
        Assert.True(attached is AttachResult.Ok or AttachResult.InvalidDataspace, $"{attached}");
        Thread.Yield();
        RegionMapResult detached = _space.Detach(place);
        Assert.True(detached is RegionMapResult.Ok or RegionMapResult.NotAttached, $"{detached}");
    }

    private void Ask()
    {
        Assert.Equal(QuotaResult.Ok, _pd.Quota(out QuotaState state));
        Assert.True(state.Used.RamBytes <= state.Limit.RamBytes);
        foreach ((DataspaceCapability memory, ulong bytes, _) in _own)
        {
            Assert.Equal(DataspaceResult.Ok, _pd.DataspaceSize(memory, out ulong size));
            Assert.Equal(bytes, size);
        }
    }

    private DataspaceCapability Allocate(ulong bytes)
    {
        AllocationResult result = _pd.AllocateRam(
            bytes,
            Skerry.Base.Sessions.Placement.Any,
            CacheAttribute.WriteBack,
            out DataspaceCapability memory
        );
        Assert.Equal(AllocationResult.Ok, result);
        return memory;
    }
}
