using System.Runtime.CompilerServices;
using Skerry.Abi;
using Skerry.Base.Kernel;
using Skerry.Base.Memory;
using Skerry.Base.Rpc;

namespace Skerry.Base.Servers;

/// <summary>
/// Callers that are answered later: deferred faults, sessions that wait for their service. Their Reply objects are made a
/// page at a time on the CPU that needs them, and kept there for the next caller that has to wait.
/// </summary>
/// <remarks>
/// The kernel takes an answer only on the CPU of the Reply object, and whoever has it may run on another: it leaves the
/// answer to that CPU's <see cref="Keeper"/>.
/// </remarks>
public unsafe struct HeldCallers
{
    private const uint RepliesPerBlock = 32;

    /// <summary>Protects all lists.</summary>
    private ExclusiveLock _lock;
    private SlotPool* _slots;
    private UntypedAllocator<ServerKernel>* _memory;
    private Slab<HeldCaller>* _records;
    private Server* _server;
    private Lists _free;
    private Lists _answered;

    public void Initialise(Server* server)
    {
        _server = server;
        _slots = &server->Slots;
        _memory = &server->Untyped;
        _records = &server->CallerRecords;
    }

    /// <summary>A record for a Reply object that a thread has from its start.</summary>
    /// <returns>Null if no record is left.</returns>
    public readonly HeldCaller* TryAdopt(CapabilitySlot reply, uint cpu)
    {
        HeldCaller* caller = _records->TryTake();
        if (caller != null)
        {
            *caller = new HeldCaller { Reply = reply, Cpu = cpu };
        }
        return caller;
    }

    /// <summary>
    /// Puts the caller of one of the server's threads aside: the thread has another Reply object from now on. The thread
    /// itself asks.
    /// </summary>
    /// <returns>The one that holds the caller; null if no other could be had, and nothing has changed.</returns>
    public HeldCaller* PutAside(ThreadCapability thread, ref HeldCaller* bound)
    {
        HeldCaller* held = bound;
        HeldCaller* fresh = TryTake(held->Cpu);
        if (fresh == null)
        {
            return null;
        }
        if (thread.SetReply(new ReplyCapability(fresh->Reply)) != Status.Ok)
        {
            Give(fresh);
            return null;
        }
        bound = fresh;
        return held;
    }

    /// <summary>Gives back one that holds nobody.</summary>
    public void Give(HeldCaller* caller)
    {
        _lock.Acquire();
        Push(ref _free[(int)caller->Cpu].First, caller);
        _lock.Release();
    }

    /// <summary>Answers, here or on the CPU where it must be done. The record is free afterwards.</summary>
    public void Answer(HeldCaller* caller, HeldAnswer answer)
    {
        caller->Answer = answer;
        if (Send(caller) != Status.WrongCpu)
        {
            Finish(caller);
            return;
        }
        uint cpu = caller->Cpu;
        _lock.Acquire();
        Push(ref _answered[(int)cpu].First, caller);
        _lock.Release();
        _server->Cpus[(int)cpu].Answers.Signal();
    }

    /// <summary>Sends the answers that wait for this CPU, which the caller runs on.</summary>
    public void Deliver(uint cpu)
    {
        _lock.Acquire();
        HeldCaller* caller = _answered[(int)cpu].First;
        _answered[(int)cpu].First = null;
        _lock.Release();
        while (caller != null)
        {
            HeldCaller* next = caller->Next;
            Send(caller);
            Finish(caller);
            caller = next;
        }
    }

    private void Finish(HeldCaller* caller)
    {
        CapabilitySlots.Release(caller->Answer.Granted);
        Give(caller);
    }

    /// <summary>Whoever does not wait any more has no use for the answer.</summary>
    private static Status Send(HeldCaller* caller)
    {
        RpcMessage reply = default;
        var writer = new MessageWriter(ref reply, RpcLabel.Reply(RpcStatus.Ok));
        if (caller->Answer.Words != 0)
        {
            writer.WriteWord(caller->Answer.Result);
            writer.WriteCapability(Capability.In(caller->Answer.Granted));
        }
        var frame = new SystemCallFrame { Number = (ulong)SystemCall.NBSend, Address = caller->Reply.Value };
        MessageExchange.Store(ref reply, ref frame);
        return SystemCalls.Trap(ref frame);
    }

    private HeldCaller* TryTake(uint cpu)
    {
        _lock.Acquire();
        ref HeldCaller* first = ref _free[(int)cpu].First;
        if (first == null)
        {
            Grow(cpu);
        }
        HeldCaller* taken = first;
        if (taken != null)
        {
            first = taken->Next;
        }
        _lock.Release();
        return taken;
    }

    private void Grow(uint cpu)
    {
        UntypedBlock* block = _memory->TryAllocate(UntypedAllocator<ServerKernel>.PageBits);
        CapabilitySlot first = block == null ? default : _slots->TryTakeRun((int)RepliesPerBlock);
        Status status = first.IsNull
            ? Status.OutOfMemory
            : new UntypedCapability(block->Slot).Retype(
                ObjectType.Reply,
                0,
                _server->Cpus[(int)cpu].ClusterIndex,
                RepliesPerBlock,
                CapTableCapability.Own,
                first,
                0
            );
        if (status != Status.Ok)
        {
            Undo(block, first);
            return;
        }
        for (uint i = 0; i < RepliesPerBlock; i++)
        {
            HeldCaller* caller = TryAdopt(first.Next(i), cpu);
            if (caller != null)
            {
                Push(ref _free[(int)cpu].First, caller);
            }
        }
    }

    private readonly void Undo(UntypedBlock* block, CapabilitySlot first)
    {
        if (!first.IsNull)
        {
            _slots->GiveRun(first, (int)RepliesPerBlock);
        }
        if (block != null)
        {
            _memory->Free(block);
        }
    }

    private static void Push(ref HeldCaller* first, HeldCaller* caller)
    {
        caller->Next = first;
        first = caller;
    }

    private struct List
    {
        public HeldCaller* First;
    }

    [InlineArray(Server.MaximumCpus)]
    private struct Lists
    {
        private List _list;
    }
}
