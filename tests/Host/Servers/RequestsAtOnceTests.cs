using System;
using System.Threading;
using Skerry.Abi;
using Skerry.Base.Kernel;
using Skerry.Base.Servers.Objects;
using Skerry.Base.Servers.Services;
using Skerry.Base.Sessions;
using Skerry.Tests.Host.Servers.House;
using Xunit;

namespace Skerry.Tests.Host.Servers;

/// <summary>One request stands still in the middle, in the kernel: which others are served meanwhile, and which wait.</summary>
[Collection("CapabilitySlots")]
public sealed unsafe class RequestsAtOnceTests : IDisposable
{
    private const int C = ServerHouse.Client;
    private const int P = ServerHouse.Provider;
    private const uint Cpus = 3;
    private const ulong Page = UserLayout.PageSize;
    private const FrameRights Both = FrameRights.Read | FrameRights.Write;
    private readonly ServerHouse _house = new(cpus: Cpus);
    private readonly LockedKernel _kernel;

    /// <summary>Attached in the client's space, and mapped there.</summary>
    private readonly DataspaceCapability _mapped;

    /// <summary>One of each child's own, attached nowhere; and the provider's that both have attached.</summary>
    private readonly DataspaceCapability _clients;
    private readonly DataspaceCapability _providers;
    private readonly DataspaceCapability _ofBoth;
    private readonly ulong _placeOfBoth;

    public RequestsAtOnceTests()
    {
        _kernel = new LockedKernel(_house.Kernel);
        SystemCalls.Double = _kernel;
        Assert.True(_house.TryStart(C) && _house.TryStart(P) && _house.TryStart(ServerHouse.Lower));
        _mapped = Allocate(C, 0);
        _clients = Allocate(C, 0);
        _providers = Allocate(P, 1);
        _ofBoth = Allocate(P, 1);
        Assert.Equal(AttachResult.Ok, Attach(C, 0, _mapped, out ulong address));
        Assert.Equal(PdResult.Ok, Pd(C, 0).Map(address, Page, out _));
        Assert.Equal(AttachResult.Ok, Attach(C, 0, _ofBoth, out _placeOfBoth));
        Assert.Equal(AttachResult.Ok, Attach(P, 1, _ofBoth, out _));
    }

    public void Dispose() => _house.Dispose();

    /// <summary>The client's memory is being freed by its CPU 0, which is at the first of the kernel calls that this takes.</summary>
    [Theory]
    [InlineData("another allocates", false)]
    [InlineData("another attaches its own", false)]
    [InlineData("another asks for its quota", false)]
    [InlineData("it allocates elsewhere", true)]
    [InlineData("it attaches elsewhere", true)]
    [InlineData("another attaches what is not its own", true)]
    [InlineData("another frees what it shares", true)]
    [InlineData("another makes a region map", true)]
    [InlineData("another child ends", true)]
    public void WhoFreesKeepsWhomHeMust(string what, bool waits) =>
        AssertWaits(() => Assert.Equal(DataspaceResult.Ok, Pd(C, 0).FreeRam(_mapped)), what, waits);

    /// <summary>The provider makes a region map, for which it has the server alone.</summary>
    [Theory]
    [InlineData("it allocates elsewhere")]
    [InlineData("another attaches its own")]
    public void WhoIsAloneKeepsAll(string what) => AssertWaits(MakeMap, what, true);

    /// <summary>What is attached in the client's space is another's: to detach it is no matter of the client's alone.</summary>
    [Fact]
    public void WhatIsOfAnotherIsDetachedAlone() =>
        AssertWaits(() => Assert.Equal(DataspaceResult.Ok, Pd(P, 1).FreeRam(_providers)), "it detaches", true);

    /// <summary>A reply is on its way, and what it is to bring goes: what others are given meanwhile is not sent in its place.</summary>
    [Fact]
    public void WhatAReplyBringsIsNobodyElses()
    {
        RmSessionClient<BadgeTransport> rm = Rm(1);
        Assert.Equal(RegionMapResult.Ok, rm.Create(Page, out RegionMapCapability map));
        var client = new RegionMapClient<BadgeTransport>(At(0, map.Capability.Badge));
        int others = 0;
        _house.BeforeReply = slot =>
        {
            _house.BeforeReply = null;
            Assert.False(slot.IsNull);
            MakeThreadFor(cpu: 0, by: 1);
            Assert.Equal(RegionMapResult.Ok, rm.Destroy(map));
            for (int i = 0; i < 20; i++, others++)
            {
                var made = new ObjectHandle(Allocate(C, 2).Capability.Badge);
                Assert.NotEqual(slot, _house.Server->Objects.CapabilityOf(made));
            }
        };
        client.Dataspace(out DataspaceCapability managed);
        Assert.Equal(20, others);
        Assert.True(managed.Capability.IsNone);
    }

    private void AssertWaits(Action first, string second, bool waits)
    {
        using var reached = new ManualResetEventSlim();
        using var goOn = new ManualResetEventSlim();
        using var seen = new ManualResetEventSlim();
        bool hasWaited = false;
        var standing = new Halting(_kernel, reached, goOn);
        Thread one = Start(standing, null, first);
        reached.Wait();
        Thread other = Start(
            _kernel,
            () =>
            {
                hasWaited |= !seen.IsSet;
                seen.Set();
            },
            () =>
            {
                Request(second);
                seen.Set();
            }
        );
        seen.Wait();
        goOn.Set();
        one.Join();
        other.Join();
        Assert.Equal(waits, hasWaited);
    }

    private static Thread Start(IKernelDouble kernel, Action? waiting, Action action)
    {
        var thread = new Thread(() =>
        {
            SystemCalls.Double = kernel;
            SystemCalls.Waiting = waiting;
            action();
        });
        thread.Start();
        return thread;
    }

    private void Request(string what)
    {
        switch (what)
        {
            case "another allocates":
                Allocate(P, 1);
                break;
            case "another attaches its own":
                Assert.Equal(AttachResult.Ok, Attach(P, 1, _providers, out _));
                break;
            case "another asks for its quota":
                Assert.Equal(QuotaResult.Ok, Pd(P, 1).Quota(out _));
                break;
            case "it allocates elsewhere":
                Allocate(C, 2);
                break;
            case "it attaches elsewhere":
                Assert.Equal(AttachResult.Ok, Attach(C, 2, _clients, out _));
                break;
            case "another attaches what is not its own":
                Assert.Equal(AttachResult.Ok, Attach(P, 1, _clients, out _));
                break;
            case "another frees what it shares":
                Assert.Equal(DataspaceResult.Ok, Pd(P, 1).FreeRam(_ofBoth));
                break;
            case "it detaches":
                Assert.Equal(RegionMapResult.Ok, Space(C, 0).Detach(_placeOfBoth));
                break;
            case "another child ends":
                _house.End(ServerHouse.Lower);
                break;
            default:
                MakeMap();
                break;
        }
    }

    private void MakeMap() => Assert.Equal(RegionMapResult.Ok, Rm(1).Create(Page, out _));

    /// <summary>The provider's, from one of its CPUs.</summary>
    private RmSessionClient<BadgeTransport> Rm(uint cpu) => new(At(cpu, Session(ObjectKind.RmSession)));

    /// <summary>A thread of the provider's with a message buffer, which uses a window of its memory.</summary>
    private void MakeThreadFor(uint cpu, uint by)
    {
        Assert.Equal(AttachResult.Ok, Attach(P, by, Allocate(P, by), out ulong buffer));
        var session = new CpuSessionClient<BadgeTransport>(At(by, Session(ObjectKind.CpuSession)));
        var pd = new PdSessionCapability(Capability.OwnObject(_house[P]->Pd->Handle.Value));
        Assert.Equal(ThreadResult.Ok, session.CreateThread(pd, "x"u8, Affinity.Cpu(cpu), 0, buffer, out _));
    }

    private ulong Session(ObjectKind kind)
    {
        ServiceSession* session = _house[P]->Pd->Sessions;
        while (session->Handle.Kind != kind)
        {
            session = session->Next;
        }
        return session->Handle.Value;
    }

    private DataspaceCapability Allocate(int child, uint cpu)
    {
        AllocationResult result = Pd(child, cpu)
            .AllocateRam(
                Page,
                Skerry.Base.Sessions.Placement.Any,
                CacheAttribute.WriteBack,
                out DataspaceCapability memory
            );
        Assert.Equal(AllocationResult.Ok, result);
        return memory;
    }

    private AttachResult Attach(int child, uint cpu, DataspaceCapability memory, out ulong address) =>
        Space(child, cpu).Attach(memory, 0, 0, IRegionMap.AnyAddress, Both, out address);

    private PdSessionClient<BadgeTransport> Pd(int child, uint cpu) => new(At(cpu, _house[child]->Pd->Handle.Value));

    private RegionMapClient<BadgeTransport> Space(int child, uint cpu) => new(At(cpu, _house[child]->Pd->Map->Handle));

    private BadgeTransport At(uint cpu, ulong badge) => new(_house, _kernel, cpu, badge);

    /// <summary>Stands still in its first call that is no yield until it is told to go on.</summary>
    private sealed class Halting(LockedKernel kernel, ManualResetEventSlim reached, ManualResetEventSlim goOn)
        : IKernelDouble
    {
        public Status Trap(ref SystemCallFrame frame)
        {
            reached.Set();
            goOn.Wait();
            return kernel.Trap(ref frame);
        }
    }
}
