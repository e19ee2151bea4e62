using System;
using System.Collections.Generic;
using Skerry.Abi;
using Skerry.Base.Kernel;
using Skerry.Base.RegionMaps;
using Skerry.Tests.Host.Memory;
using Xunit;

namespace Skerry.Tests.Host.RegionMaps;

/// <summary>Threads that fault in region maps with a handler, each held by a record of its own.</summary>
internal sealed unsafe class FaultBench : IDisposable
{
    public const ulong Page = UserLayout.PageSize;
    public const uint Handler = 7;
    private const int MostFaults = 64;
    private readonly HeldCaller[] _faulters = GC.AllocateArray<HeldCaller>(MostFaults, pinned: true);
    private uint _next;

    public Workshop Workshop { get; } = new();

    public List<uint> Resumed => Workshop.Kernel.Resumed;

    public void Dispose() => Workshop.Dispose();

    public RegionMap* MapWithHandler(uint handler = Handler)
    {
        RegionMap* map = Workshop.Mapping.TryCreateMap(0, 64 * Page, null);
        Workshop.Mapping.SetFaultHandler(map, new CapabilitySlot(handler));
        return map;
    }

    /// <summary>The faults are numbered as they come; so is who is resumed.</summary>
    public DeferResult Fault(RegionMap* space, ulong address, ulong thread, FaultAccess access = FaultAccess.User)
    {
        Workshop.Mapping.Resolve(space, address, access, 0, out Resolution resolution);
        return Defer(space, in resolution, thread, access);
    }

    public DeferResult Defer(
        RegionMap* space,
        in Resolution failed,
        ulong thread,
        FaultAccess access = FaultAccess.User
    )
    {
        _faulters[_next] = new HeldCaller { Reply = new CapabilitySlot(_next) };
        fixed (HeldCaller* faulter = &_faulters[_next++])
        {
            return Workshop.Mapping.Defer(space, failed, access, thread, faulter);
        }
    }

    /// <summary>What the handler of a map is told, page by page; at most as often as is said.</summary>
    public static IEnumerable<ulong> Told(RegionMap* map, int asks)
    {
        var told = new List<ulong>();
        while (told.Count < asks && MappingLibrary<FakeKernel>.TryGetFault(map, out ulong address, out _))
        {
            told.Add(address / Page);
        }
        return told;
    }

    /// <summary>Maps in which somebody waits, when somebody has looked.</summary>
    public uint FaultedMaps()
    {
        for (uint maps = Workshop.Mapping.FaultedMapCount; maps != 0; maps--)
        {
            Assert.True(Workshop.Mapping.NextUnhandled() == null);
        }
        return Workshop.Mapping.FaultedMapCount;
    }

    public void ResumeAll(RegionMap* map)
    {
        while (Workshop.Mapping.TryResume(map)) { }
    }

    public void Attach(RegionMap* map, ulong page, ulong pages = 1)
    {
        Dataspace* ram = MapActions.Ram(Workshop, pages * Page);
        Assert.Equal(AttachStatus.Ok, MapActions.Attach(Workshop, map, ram, page * Page, 0, 0));
    }
}
