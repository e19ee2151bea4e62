using System;
using System.Collections.Generic;
using System.Linq;
using System.Runtime.InteropServices;
using Skerry.Abi;
using Skerry.Base.Kernel;
using Skerry.Base.Memory;
using Skerry.Base.RegionMaps;
using Skerry.Base.Servers;
using Skerry.Base.Servers.Faults;
using Skerry.Base.Servers.Objects;
using Skerry.Base.Servers.Services;
using Skerry.Base.Sessions;
using Xunit;

namespace Skerry.Tests.Host.Servers;

/// <summary>
/// Protection domains over a kernel that grants everything: whatever they have the server know of them is on their own
/// accounts, and is back when they end. Allocators, records and accounts are the target's.
/// </summary>
[Collection("CapabilitySlots")]
public sealed unsafe class DomainRecordsTests : IDisposable, IKernelDouble
{
    private const int DomainCount = 3;
    private const int PageTables = 6;
    private const int Bookkeeping = 2 << 20;
    private const int MemoryBits = 23;
    private const nuint Windows = DomainCount * RecordPool.MaximumPages * (nuint)UserLayout.PageSize;
    private static readonly Resources _whole = new(1ul << MemoryBits, 3000);
    private static readonly Resources _each = new(1 << 20, 500);
    private static int pages;
    private readonly Server* _server = (Server*)NativeMemory.AllocZeroed((nuint)sizeof(Server));
    private readonly byte* _memory = (byte*)NativeMemory.AlignedAlloc(Bookkeeping, (nuint)UserLayout.PageSize);
    private readonly byte* _windows = (byte*)NativeMemory.AlignedAlloc(Windows, (nuint)UserLayout.PageSize);
    private readonly ProtectionDomain*[] _domains = new ProtectionDomain*[DomainCount];
    private readonly uint _freeSlots;
    private readonly List<(ulong Operation, ulong Slot, ulong Word0)> _invoked = [];

    public DomainRecordsTests()
    {
        SystemCalls.Double = this;
        _server->ServiceLock.Acquire();
        CapabilitySlots.Initialise(64, 1024);
        NativeMemory.Clear(_memory, Bookkeeping);
        _server->Memory = new ServerMemory(_memory, Bookkeeping);
        ServerMemory* memory = &_server->Memory;
        var kernel = new ServerKernel(&_server->Callers);
        Assert.True(_server->Slots.Initialise(memory, new CapabilitySlot(1024), 16384));
        Assert.True(_server->Objects.Initialise(memory));
        _server->OwnRecords.OpenOwn(memory);
        _server->OwnObjects.Records = &_server->OwnRecords;
        _server->Blocks = new Slab<UntypedBlock>(memory);
        _server->Domains = new Slab<ProtectionDomain>(memory);
        _server->CallerRecords = new Slab<HeldCaller>(memory);
        _server->Untyped.Initialise(kernel, &_server->Slots, &_server->Blocks);
        _server->Ram.Initialise(kernel, &_server->OwnRecords, &_server->Slots, &_server->Untyped);
        _server->Mapping.Initialise(kernel, &_server->OwnRecords, &_server->Slots, &_server->Ram);
        _server->Callers.Initialise(_server);
        _server->CpuCount = 1;
        RecordWindows.Initialise(_server);
        _server->RecordWindowBase = (ulong)_windows;
        _server->RecordPages.Take = &TakePage;
        _server->RecordPages.Give = &GivePage;
        Assert.True(ServerStart.AddMemory(_server, new CapabilitySlot(1), 1ul << MemoryBits, MemoryBits));
        _server->Account.Endow(new Resources(0, _whole.Capabilities));
        _freeSlots = _server->Slots.FreeCount;
        pages = 0;
        for (int i = 0; i < DomainCount; i++)
        {
            _domains[i] = ProtectionDomains.TryCreate(_server, _each, 8, 0, 1);
            Assert.True(_domains[i] != null);
        }
    }

    public void Dispose()
    {
        SystemCalls.Double = null;
        NativeMemory.AlignedFree(_windows);
        NativeMemory.AlignedFree(_memory);
        NativeMemory.Free(_server);
    }

    Status IKernelDouble.Trap(ref SystemCallFrame frame)
    {
        _invoked.Add((new MessageInfo(frame.Info).Label, frame.Address, frame.Word0));
        frame.Word0 = 0;
        return Status.Ok;
    }

    /// <summary>Random courses of everything that a domain may ask for and give back.</summary>
    [Fact]
    public void AllIsBackWhenTheyEnd()
    {
        var random = new Random(1);
        for (int step = 0; step < 20_000; step++)
        {
            Step(random, _domains[random.Next(DomainCount)]);
        }
        AssertAllIsBack();
    }

    /// <summary>One takes all that it can, of each kind in turn: the others have what they had, and can use all of it.</summary>
    [Theory]
    [InlineData(0)]
    [InlineData(2)]
    [InlineData(4)]
    [InlineData(5)]
    [InlineData(PageTables)]
    public void WhatOneTakesIsItsOwn(int kind)
    {
        Resources before = _domains[1]->Account.Available;
        int first = TakeAll(_domains[0], kind);
        Assert.True(first > 100);
        Assert.Equal(before, _domains[1]->Account.Available);
        Assert.Equal(first, TakeAll(_domains[1], kind));
        AssertAllIsBack();
    }

    /// <summary>The kernel writes messages into it, whoever the memory belongs to by then.</summary>
    [Fact]
    public void AMessageBufferGoesWithTheRegionThatItLiesIn()
    {
        ProtectionDomain* pd = _domains[0];
        Assert.True(Ask(pd, kind: 4));
        var request = new AttachRequest { Rights = FrameRights.Read | FrameRights.Write };
        Assert.Equal(AttachStatus.Ok, _server->Mapping.Attach(pd->Map, pd->Dataspaces, request, out ulong address));
        Assert.Equal(ThreadResult.Ok, ThreadObjects.Create(_server, pd, 0, 0, address, 1, out ThreadRecord* thread));
        ulong buffer = _invoked
            .Last(call => call.Slot == thread->Thread.Slot.Value && call.Operation == (ulong)ThreadOperation.SetBuffer)
            .Word0;
        _invoked.Clear();
        Assert.True(_server->Mapping.Detach(pd->Map, address, out _));
        ulong table = CapTableCapability.Own.Slot.Value;
        Assert.Contains(((ulong)CapTableOperation.Revoke, table, (uint)buffer), _invoked);
    }

    /// <summary>Slots are the server's, and its children share them: each is paid with a capability or part of one.</summary>
    [Fact]
    public void APageTableCostsACapability()
    {
        ProtectionDomain* pd = _domains[0];
        ulong paid = pd->Account.Used.Capabilities;
        int made = TakeAll(pd, PageTables);
        Assert.Equal((ulong)made, pd->Account.Used.Capabilities - paid);
        AssertAllIsBack();
    }

    /// <summary>One who pins a page in each block leaves others single pages, and those are enough.</summary>
    [Fact]
    public void ObjectsAreMadeWhereOnlySinglePagesAreFree()
    {
        const int page = UntypedAllocator<ServerKernel>.PageBits;
        System.Collections.Generic.List<nint> blocks = [];
        for (UntypedBlock* block = Page(); block != null; block = Page())
        {
            blocks.Add((nint)block);
        }
        for (int i = 0; i < blocks.Count; i += 2)
        {
            _server->Untyped.Free((UntypedBlock*)blocks[i]);
        }
        Assert.True(_server->Untyped.TryAllocate(page + 1) == null);
        for (int i = 0; i < 100; i++)
        {
            Assert.False(_domains[1]->Objects.TryMake(ObjectRequest.Of(ObjectType.PageTable)).IsNull);
        }

        UntypedBlock* Page() => _server->Untyped.TryAllocate(page);
    }

    private int TakeAll(ProtectionDomain* pd, int kind)
    {
        int count = 0;
        while (Ask(pd, kind))
        {
            count++;
        }
        return count;
    }

    private void Step(Random random, ProtectionDomain* pd)
    {
        if (random.Next(5) < 3)
        {
            Ask(pd, random.Next(8));
        }
        else
        {
            GiveBack(pd, random.Next(4));
        }
        ulong paid = 0;
        foreach (ProtectionDomain* domain in _domains)
        {
            paid += domain->Account.Used.Ram;
            Assert.True(domain->Account.Used.Ram <= domain->Account.Limit.Ram);
        }
        // Nothing is in use that nobody has paid for.
        Assert.True(
            _server->Untyped.TotalBytes - _server->Untyped.FreeBytes + (ulong)pages * UserLayout.PageSize <= paid
        );
    }

    private bool Ask(ProtectionDomain* pd, int kind)
    {
        switch (kind)
        {
            case 0:
            case 1:
                return ServiceSessions.TryOpen(_server, pd, ObjectKind.LogSession, "label"u8) != null;
            case 2:
                ServiceSession* session = RmSession(pd);
                return session != null
                    && new RmSessionServer(_server, session, 0).Create(UserLayout.PageSize, out _)
                        == RegionMapResult.Ok;
            case 3:
                return pd->Maps != null
                    && new RegionMapServer(_server, pd->Maps, 0, false, null).Dataspace(out _) == RegionMapResult.Ok;
            case 4:
                return new PdSessionServer(_server, pd, 0, null).AllocateRam(
                        UserLayout.PageSize,
                        Skerry.Base.Sessions.Placement.Any,
                        CacheAttribute.WriteBack,
                        out _
                    ) == AllocationResult.Ok;
            case 5:
                return ThreadObjects.Create(_server, pd, 0, 0, 0, 1, out _) == ThreadResult.Ok;
            case PageTables:
                return PageTableSupply.Add(_server, pd, 0, 0);
            default:
                return pd->Dataspaces != null
                    && _server->Mapping.Attach(pd->Map, pd->Dataspaces, default, out _) == AttachStatus.Ok;
        }
    }

    private ServiceSession* RmSession(ProtectionDomain* pd)
    {
        ServiceSession* session = pd->Sessions;
        while (session != null && session->Handle.Kind != ObjectKind.RmSession)
        {
            session = session->Next;
        }
        return session != null ? session : ServiceSessions.TryOpen(_server, pd, ObjectKind.RmSession, "rm"u8);
    }

    private void GiveBack(ProtectionDomain* pd, int kind)
    {
        if (kind == 0 && pd->Sessions != null)
        {
            ServiceSessions.Close(_server, pd, pd->Sessions);
        }
        else if (kind == 1 && pd->Maps != null)
        {
            RegionMap* map = pd->Maps;
            pd->Maps = map->NextOwned;
            RmSessionServer.DestroyMade(_server, pd, map);
        }
        else if (kind == 2 && pd->Dataspaces != null)
        {
            DataspaceObjects.Free(_server, pd, pd->Dataspaces);
        }
        else if (kind == 3 && pd->Threads != null)
        {
            ThreadObjects.Destroy(_server, pd->Threads);
        }
    }

    private void AssertAllIsBack()
    {
        foreach (ProtectionDomain* domain in _domains)
        {
            ProtectionDomains.Destroy(_server, domain);
        }
        Assert.Equal(default, _server->Account.Used);
        Assert.Equal(_whole, _server->Account.Limit);
        Assert.Equal(_server->Untyped.TotalBytes, _server->Untyped.FreeBytes);
        Assert.Equal(_freeSlots, _server->Slots.FreeCount);
        Assert.Equal(0u, _server->Objects.InUse);
        Assert.Equal(0u, _server->Domains.InUse);
        Assert.Equal(0, pages);
        Assert.Equal(0, _server->RecordWindowNumbers.Lowest());
    }

    private static bool TakePage(void* server, ulong address, RecordBacking* backing)
    {
        new Span<byte>((void*)address, (int)UserLayout.PageSize).Clear();
        pages++;
        return true;
    }

    private static void GivePage(void* server, RecordBacking backing) => pages--;
}
