using System;
using System.Collections.Generic;
using System.Runtime.InteropServices;
using Skerry.Abi;
using Skerry.Base.Kernel;
using Skerry.Base.Memory;
using Skerry.Base.Servers;
using Skerry.Base.Servers.Components;
using Skerry.Base.Servers.Objects;
using Skerry.Base.Servers.Services;
using Skerry.Base.Sessions;
using Xunit;

namespace Skerry.Tests.Host.Servers;

/// <summary>
/// A server with three children, each of which may offer the service "Odd" and ask the others for it. The kernel is a
/// double that counts; records, accounts and lists are the target's.
/// </summary>
internal sealed unsafe class SiblingHouse : IDisposable, IKernelDouble
{
    public const int ChildCount = 3;
    private const int Bookkeeping = 1 << 20;
    private const uint Callers = 200;
    private static readonly Resources _whole = new(1 << 20, 1000);
    private static readonly Resources _each = new(1 << 16, 100);
    private readonly Server* _server = (Server*)NativeMemory.AllocZeroed((nuint)sizeof(Server));
    private readonly byte* _memory = (byte*)NativeMemory.AlignedAlloc(Bookkeeping, (nuint)UserLayout.PageSize);
    private readonly Child*[] _children = new Child*[ChildCount];
    private readonly Resources[] _used = new Resources[ChildCount];
    private readonly int _freeSlots;
    private readonly uint _freeOwnSlots;
    private HeldCaller* _bound;
    private uint _asked;

    public SiblingHouse()
    {
        SystemCalls.Double = this;
        CapabilitySlots.Initialise(64, 1024);
        _freeSlots = CapabilitySlots.FreeCount;
        NativeMemory.Clear(_memory, Bookkeeping);
        _server->Memory = new ServerMemory(_memory, Bookkeeping);
        ServerMemory* memory = &_server->Memory;
        Assert.True(_server->Slots.Initialise(memory, new CapabilitySlot(8192), 1024));
        _server->Mapping.Hazards.Initialise(&_server->Slots);
        _freeOwnSlots = _server->Slots.FreeCount;
        Assert.True(_server->Objects.Initialise(memory));
        _server->OwnRecords.OpenOwn(memory);
        _server->OwnObjects.Records = &_server->OwnRecords;
        _server->CallerRecords = new Slab<HeldCaller>(memory);
        _server->SiblingRecords = new Slab<SiblingSession>(memory);
        _server->ChildRecords = new Slab<Child>(memory);
        _server->Domains = new Slab<ProtectionDomain>(memory);
        _server->Callers.Initialise(_server);
        _server->Hooks.Print = &Ignore;
        _server->Hooks.TryPrint = &Take;
        _server->Account.Endow(_whole);
        for (uint i = 0; i < Callers; i++)
        {
            HeldCaller* caller = _server->Callers.TryAdopt(new CapabilitySlot(5000 + i), 0);
            _server->Callers.Answer(caller, HeldAnswer.Again);
        }
        Answers.Clear();
        _bound = _server->Callers.TryAdopt(new CapabilitySlot(4999), 0);
        for (uint i = 0; i < ChildCount; i++)
        {
            _children[i] = MakeChild(i);
        }
        _server->AllStarted = true;
    }

    /// <summary>Reply objects that were answered, with what their callers were told, in order.</summary>
    public List<(uint Reply, ParentResult Result, SessionId Id)> Answers { get; } = [];

    public int Signals { get; private set; }

    public void Dispose()
    {
        SystemCalls.Double = null;
        NativeMemory.AlignedFree(_memory);
        NativeMemory.Free(_server);
    }

    public bool IsAlive(int child) => _children[child]->State == ChildState.Running;

    public Resources Available(int child) => _children[child]->Pd->Account.Available;

    public void Announce(int child)
    {
        if (_children[child]->ServiceCount == 0)
        {
            ref AnnouncedService announced = ref _children[child]->Announced[0];
            announced.Name.Set("Odd"u8);
            announced.Requests = new NotificationCapability(new CapabilitySlot(7000));
            _children[child]->ServiceCount = 1;
            SiblingSessions.AdvanceAll(_server);
        }
    }

    public ParentResult Ask(int client, int provider, Resources donation)
    {
        var wish = new SessionWish
        {
            Service = "Odd"u8,
            Label = "client -> mine"u8,
            Arguments = "odd=1"u8,
            Donation = donation,
        };
        ParentResult result = SiblingSessions.Ask(
            _server,
            _children[client],
            (uint)provider,
            in wish,
            ref _bound,
            new ThreadCapability(new CapabilitySlot(3))
        );
        _asked += result == ParentResult.Pending ? 1u : 0;
        return result;
    }

    public bool TryTake(int provider, out SessionRequest request) =>
        Take(provider, IParent.MaximumFullLabel, IParent.MaximumArguments, out request) == ParentResult.Ok;

    /// <param name="provider">Who asks what there is to do.</param>
    /// <param name="labelBytes">The room that it has for the label.</param>
    /// <param name="argumentBytes">And for the arguments.</param>
    /// <param name="request">What there is.</param>
    public ParentResult Take(int provider, int labelBytes, int argumentBytes, out SessionRequest request) =>
        SessionRequests.Take(_server, _children[provider], out request, new byte[labelBytes], new byte[argumentBytes]);

    public ParentResult Answer(int provider, SessionId id, SessionResult result, bool hasCapability)
    {
        CapabilitySlot slot = default;
        Assert.True(!hasCapability || CapabilitySlots.TryAllocate(out slot));
        return SessionRequests.Answer(_server, _children[provider], id, result, slot, !slot.IsNull);
    }

    public ParentResult Close(int client, SessionId id) => SiblingSessions.Close(_server, _children[client], id);

    /// <summary>The child uses what it has, as long as it has it.</summary>
    public void Use(int child, Resources amount)
    {
        if (_children[child]->Pd->Account.Charge(amount) == ChargeResult.Ok)
        {
            _used[child] += amount;
        }
    }

    public void Free(int child)
    {
        _children[child]->Pd->Account.Refund(_used[child]);
        _used[child] = default;
    }

    public bool AwaitsStart(int child) => _children[child]->State == ChildState.AwaitsStart;

    /// <summary>As Children.Create does. If nothing is left to start it with, nobody waits for it any more.</summary>
    public void StartAgain(int index)
    {
        Child* child = _children[index];
        ProtectionDomain* pd = _server->Domains.TryTake();
        pd->Account.SetReference(&_server->Account);
        pd->CpuCount = 1;
        if (QuotaAccount.Transfer(&_server->Account, &pd->Account, _each) == ChargeResult.Ok)
        {
            child->Pd = pd;
            child->State = ChildState.Running;
            return;
        }
        _server->Domains.Give(pd);
        Restarts.GiveUp(_server, child);
    }

    /// <summary>As Children.Destroy does.</summary>
    public void End(int index, bool startsAgain = false)
    {
        Child* child = _children[index];
        SiblingSessions.ClientEnds(_server, child);
        Free(index);
        QuotaAccount.Transfer(&child->Pd->Account, &_server->Account, child->Pd->Account.Available);
        Assert.True(child->Pd->Account.Limit.IsZero, "something of the child's account is in use after its end");
        child->Pd = null;
        child->ServiceCount = 0;
        child->State = startsAgain ? ChildState.AwaitsStart : ChildState.Destroyed;
        SiblingSessions.ProviderEnds(_server, child);
        SiblingSessions.AdvanceAll(_server);
    }

    /// <summary>The child ends with all that it had lost, and the server has nothing of its own.</summary>
    public void EndLosingAll(int index)
    {
        Child* child = _children[index];
        Use(index, Available(index));
        _server->Account.Charge(_server->Account.Available);
        SiblingSessions.ClientEnds(_server, child);
        child->State = ChildState.Destroyed;
        SiblingSessions.ProviderEnds(_server, child);
        Assert.True(_server->Account.Used.Ram <= _server->Account.Limit.Ram);
    }

    /// <summary>Nothing appears or vanishes, whoever has it.</summary>
    public void CheckSums()
    {
        Resources all = _server->Account.Limit;
        Assert.True(_server->Account.Used.Ram <= _server->Account.Limit.Ram);
        for (int i = 0; i < ChildCount; i++)
        {
            if (IsAlive(i))
            {
                QuotaAccount account = _children[i]->Pd->Account;
                all += account.Limit;
                Assert.True(account.Used.Ram <= account.Limit.Ram);
                Assert.True(account.Used.Capabilities <= account.Limit.Capabilities);
            }
        }
        Assert.Equal((_whole.Ram, _whole.Capabilities), (all.Ram, all.Capabilities));
    }

    /// <summary>All children have ended: the server has all that it had, and everybody who waited was told, once.</summary>
    public void CheckEnd()
    {
        Assert.Equal((_whole.Ram, 0ul), (_server->Account.Limit.Ram, _server->Account.Used.Ram));
        Assert.Equal(
            (_whole.Capabilities, 0ul),
            (_server->Account.Limit.Capabilities, _server->Account.Used.Capabilities)
        );
        Assert.Equal(0u, _server->SiblingRecords.InUse);
        Assert.Equal(0u, _server->Objects.InUse);
        Assert.Equal(_freeSlots, CapabilitySlots.FreeCount);
        Assert.Equal(_freeOwnSlots, _server->Slots.FreeCount);
        Assert.Equal(_asked, (uint)Answers.Count);
        // Each Reply object is free again: all of them can be had.
        HashSet<uint> replies = [_bound->Reply.Value];
        for (uint i = 0; i < Callers; i++)
        {
            HeldCaller* held = _server->Callers.PutAside(new ThreadCapability(new CapabilitySlot(3)), ref _bound);
            Assert.True(held != null);
            replies.Add(_bound->Reply.Value);
        }
        Assert.Equal(Callers + 1, (uint)replies.Count);
    }

    Status IKernelDouble.Trap(ref SystemCallFrame frame)
    {
        switch ((SystemCall)frame.Number)
        {
            case SystemCall.NBSend:
                Answers.Add(((uint)frame.Address, (ParentResult)frame.Word0, new SessionId(frame.Word1)));
                return Status.Ok;
            case SystemCall.Signal:
                Signals++;
                return Status.Ok;
            default:
                return Status.Ok;
        }
    }

    private static LogResult Take(ReadOnlySpan<byte> line) => LogResult.Ok;

    private static void Ignore(ReadOnlySpan<byte> line) { }

    private Child* MakeChild(uint index)
    {
        Child* child = _server->ChildRecords.TryTake();
        child->Pd = _server->Domains.TryTake();
        child->Pd->Account.SetReference(&_server->Account);
        child->Pd->CpuCount = 1;
        child->ConfigurationIndex = index;
        child->Name.Set("child"u8);
        child->Next = _server->Children;
        _server->Children = child;
        Assert.Equal(ChargeResult.Ok, QuotaAccount.Transfer(&_server->Account, &child->Pd->Account, _each));
        return child;
    }
}
