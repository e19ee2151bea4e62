using System;
using System.Collections.Generic;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Threading;
using Skerry.Abi;
using Skerry.Base.Kernel;
using Skerry.Base.Memory;
using Skerry.Base.Servers;
using Skerry.Base.Servers.Faults;
using Xunit;

namespace Skerry.Tests.Host.Servers;

/// <summary>Callers that are answered later, and the keeper that answers on the CPU that holds them.</summary>
[Collection("CapabilitySlots")]
public sealed unsafe class HeldCallersTests : IDisposable
{
    private const int Bookkeeping = 1 << 16;
    private static readonly CapabilitySlot _reply = new(2000);
    private static readonly CapabilitySlot _thread = new(3000);
    private readonly Server* _server = (Server*)NativeMemory.AllocZeroed((nuint)sizeof(Server));
    private readonly byte* _memory = (byte*)NativeMemory.AlignedAlloc(Bookkeeping, (nuint)UserLayout.PageSize);
    private readonly RepliesElsewhere _kernel = new();

    public HeldCallersTests()
    {
        SystemCalls.Double = _kernel;
        CapabilitySlots.Initialise(64, 1024);
        _server->Memory = new ServerMemory(_memory, Bookkeeping);
        _server->CallerRecords = new Slab<HeldCaller>(&_server->Memory);
        Assert.True(_server->Slots.Initialise(&_server->Memory, new CapabilitySlot(4096), 64));
        _server->Callers.Initialise(_server);
    }

    public void Dispose()
    {
        SystemCalls.Stop = default;
        SystemCalls.Double = null;
        NativeMemory.AlignedFree(_memory);
        NativeMemory.Free(_server);
    }

    /// <summary>
    /// Its CPU's other threads may have lost their time with any of the locks held, and need it to go on: to wait for one
    /// would be for ever.
    /// </summary>
    [Fact]
    public void TheKeeperAnswersWhileEveryLockIsHeld()
    {
        CapabilitySlot granted = AnswerElsewhere();
        LockOf(ref FreeOf(ref _server->Callers)).Acquire();
        LockOf(ref _server->Slots).Acquire();
        StopAtTheFirstWait();

        _server->Callers.Deliver(0);

        LockOf(ref _server->Slots).Release();
        Assert.Equal([_reply.Value], _kernel.Answered);
        Assert.Equal([granted.Value], _kernel.Deleted);
    }

    /// <summary>The case in which the test above fails: whoever takes a free record does wait.</summary>
    [Fact]
    public void WhoTakesARecordWaitsForTheLock()
    {
        HeldCaller* bound = _server->Callers.TryAdopt(_reply, 0);
        LockOf(ref FreeOf(ref _server->Callers)).Acquire();
        StopAtTheFirstWait();

        Assert.Throws<OperationCanceledException>(() => PutAside(bound));
    }

    [Fact]
    public void WhatTheKeeperIsDoneWithIsUsedAgain()
    {
        uint free = _server->Slots.FreeCount;
        AnswerElsewhere();
        _server->Callers.Deliver(0);
        Assert.Equal(free - 1, _server->Slots.FreeCount);

        var next = new CapabilitySlot(_reply.Value + 1);
        HeldCaller* bound = _server->Callers.TryAdopt(next, 0);
        HeldCaller* held = PutAside(bound);

        Assert.Equal(next.Value, held->Reply.Value);
        Assert.Equal(free, _server->Slots.FreeCount);
    }

    /// <summary>
    /// Whatever made a record free that holds somebody: it is nobody's any more, and those that lie below it are had.
    /// </summary>
    [Fact]
    public void ARecordThatIsRefusedIsInNobodysWay()
    {
        HeldCaller* bound = _server->Callers.TryAdopt(_reply, 0);
        for (uint i = 1; i <= 3; i++)
        {
            HeldCaller* free = _server->Callers.TryAdopt(_reply.Next(i), 0);
            _server->Callers.Answer(free, HeldAnswer.Again);
        }
        _kernel.Holding = _reply.Next(3);

        HeldCaller*[] held = [PutAside(ref bound), PutAside(ref bound)];

        Assert.Equal((_reply.Value, _reply.Next(2).Value), (held[0]->Reply.Value, held[1]->Reply.Value));
        Assert.Equal(_reply.Next().Value, bound->Reply.Value);
    }

    /// <summary>One is answered by the keeper while others are left for it: each once, none lost.</summary>
    [Fact]
    public void RecordsLeftByManyAreTakenOnceEach()
    {
        const int threads = 4;
        const int each = 20_000;
        var records = (HeldCaller*)NativeMemory.AllocZeroed(threads * each, (nuint)sizeof(HeldCaller));
        CallerStack stack = default;
        CallerStack* shared = &stack;
        var pushers = new Thread[threads];
        for (int t = 0; t < threads; t++)
        {
            HeldCaller* own = records + t * each;
            pushers[t] = new Thread(() => PushAll(shared, own, each));
            pushers[t].Start();
        }
        int taken = 0;
        while (taken < threads * each)
        {
            for (HeldCaller* caller = shared->TakeAll(); caller != null; caller = caller->Next)
            {
                caller->Cpu++;
                taken++;
            }
        }
        foreach (Thread pusher in pushers)
        {
            pusher.Join();
        }
        Assert.True(shared->TakeAll() == null);
        for (int i = 0; i < threads * each; i++)
        {
            Assert.Equal(1u, records[i].Cpu);
        }
        NativeMemory.Free(records);
    }

    private static void PushAll(CallerStack* stack, HeldCaller* records, int count)
    {
        for (int i = 0; i < count; i++)
        {
            stack->Push(records + i);
        }
    }

    /// <summary>An answer that only another CPU can give, with a capability.</summary>
    private CapabilitySlot AnswerElsewhere()
    {
        HeldCaller* caller = _server->Callers.TryAdopt(_reply, 0);
        CapabilitySlot granted = _server->Slots.TryTake();
        Assert.False(granted.IsNull);
        _kernel.Elsewhere = true;
        _server->Callers.Answer(caller, new HeldAnswer(0, granted, 0));
        _kernel.Elsewhere = false;
        return granted;
    }

    private HeldCaller* PutAside(HeldCaller* bound) => PutAside(ref bound);

    private HeldCaller* PutAside(ref HeldCaller* bound) =>
        _server->Callers.PutAside(new ThreadCapability(_thread), ref bound);

    private static void StopAtTheFirstWait() => SystemCalls.Stop = new CancellationToken(true);

    [UnsafeAccessor(UnsafeAccessorKind.Field, Name = "_free")]
    private static extern ref FreeCallers FreeOf(ref HeldCallers callers);

    [UnsafeAccessor(UnsafeAccessorKind.Field, Name = "_lock")]
    private static extern ref ExclusiveLock LockOf(ref FreeCallers callers);

    [UnsafeAccessor(UnsafeAccessorKind.Field, Name = "_lock")]
    private static extern ref ExclusiveLock LockOf(ref SlotPool slots);

    /// <summary>A kernel whose Reply objects lie on another CPU for as long as it is told so.</summary>
    private sealed class RepliesElsewhere : IKernelDouble
    {
        public bool Elsewhere { get; set; }

        /// <summary>A Reply object that no thread takes.</summary>
        public CapabilitySlot Holding { get; set; }

        public List<uint> Answered { get; } = [];

        public List<uint> Deleted { get; } = [];

        public Status Trap(ref SystemCallFrame frame)
        {
            switch ((SystemCall)frame.Number)
            {
                case SystemCall.NBSend when Elsewhere:
                    return Status.WrongCpu;
                case SystemCall.NBSend:
                    Answered.Add((uint)frame.Address);
                    return Status.Ok;
                case SystemCall.Invoke when frame.Address == _thread.Value:
                    return Holding.Value == (uint)frame.Word0 && !Holding.IsNull ? Status.InvalidState : Status.Ok;
                case SystemCall.Invoke when new MessageInfo(frame.Info).Label == (ulong)CapTableOperation.Delete:
                    Deleted.Add((uint)frame.Word0);
                    return Status.Ok;
                default:
                    return Status.Ok;
            }
        }
    }
}
