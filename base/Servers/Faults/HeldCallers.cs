using System.Runtime.CompilerServices;
using Skerry.Abi;
using Skerry.Base.Kernel;
using Skerry.Base.Rpc;

namespace Skerry.Base.Servers.Faults;

/// <summary>
/// Callers that are answered later, or not before their end: deferred faults, sessions that wait for their service, threads that
/// have crashed, are done, or have ended their child.
/// </summary>
/// <remarks>
/// A record is free when its Reply object has been answered, and by nothing else: so nobody has to know whose thread it
/// holds, nor whether that one is still there. To one that has gone, the answer reaches nobody, and costs a system call.
///
/// The kernel takes an answer only on the CPU of the Reply object, and whoever has it may run on another: it leaves the
/// answer to that CPU's <see cref="Keeper"/>. The keeper waits for no lock that the others hold: it takes the answers, and
/// leaves the records, in lists without one.
/// </remarks>
public unsafe struct HeldCallers
{
    private Server* _server;
    private FreeCallers _free;

    /// <summary>Those whose answer waits for the CPU.</summary>
    private Stacks _answered;

    /// <summary>Those that a keeper has answered; what they granted has left its slot.</summary>
    private Stacks _spent;

    public void Initialise(Server* server)
    {
        _server = server;
        _free.Initialise(server);
    }

    /// <summary>A record for a Reply object that a thread has from its start.</summary>
    /// <returns>Null if no record is left.</returns>
    public readonly HeldCaller* TryAdopt(CapabilitySlot reply, uint cpu)
    {
        HeldCaller* caller = _server->CallerRecords.TryTake();
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
        TakeBack(held->Cpu);
        HeldCaller* fresh = _free.TryTake(held->Cpu);
        while (fresh != null && thread.SetReply(new ReplyCapability(fresh->Reply)) != Status.Ok)
        {
            // It is none of the free ones, whatever went wrong with it: back among them it would be in the way of all others.
            fresh = _free.TryTake(held->Cpu);
        }
        if (fresh == null)
        {
            return null;
        }
        bound = fresh;
        return held;
    }

    /// <summary>Puts the caller of this CPU's entrypoint aside; the entrypoint itself asks.</summary>
    /// <returns>The one that holds the caller; null if no other could be had.</returns>
    public HeldCaller* PutAside(uint cpu)
    {
        ServerCpu* own = (ServerCpu*)&_server->Cpus + cpu;
        return PutAside(own->SessionThread, ref own->SessionCaller);
    }

    /// <summary>
    /// Answers, here or on the CPU where it must be done. The record is free afterwards, whether the caller was there still or
    /// not.
    /// </summary>
    public void Answer(HeldCaller* caller, HeldAnswer answer)
    {
        caller->Answer = answer;
        uint cpu = caller->Cpu;
        if (Send(caller) == Status.WrongCpu)
        {
            _answered[(int)cpu].Push(caller);
            _server->Cpus[(int)cpu].Answers.Signal();
        }
        else
        {
            _server->LetGo(answer.Granted);
            _free.Give(caller);
        }
        TakeBack(cpu);
    }

    /// <summary>Sends the answers that wait for this CPU. Its keeper asks, which waits for no lock here.</summary>
    public void Deliver(uint cpu)
    {
        HeldCaller* caller = _answered[(int)cpu].TakeAll();
        while (caller != null)
        {
            HeldCaller* next = caller->Next;
            Send(caller);
            if (!caller->Answer.Granted.IsNull)
            {
                CapTableCapability.Own.Delete(caller->Answer.Granted);
            }
            _spent[(int)cpu].Push(caller);
            caller = next;
        }
    }

    /// <summary>What the keeper is done with is free again, and so are the slots of what was granted.</summary>
    private void TakeBack(uint cpu)
    {
        HeldCaller* caller = _spent[(int)cpu].TakeAll();
        while (caller != null)
        {
            HeldCaller* next = caller->Next;
            if (!caller->Answer.Granted.IsNull)
            {
                _server->Slots.Give(caller->Answer.Granted);
            }
            _free.Give(caller);
            caller = next;
        }
    }

    /// <summary>Whoever does not wait any more has no use for the answer.</summary>
    private static Status Send(HeldCaller* caller)
    {
        HeldAnswer answer = caller->Answer;
        Status status = Send(caller->Reply, RpcStatus.Ok, answer);
        if (status is Status.Ok or Status.WrongCpu || answer.Granted.IsNull)
        {
            return status;
        }
        // What was to go along is gone, or the caller has no slot for it.
        return Send(caller->Reply, RpcStatus.NotDelivered, HeldAnswer.Again);
    }

    [SkipLocalsInit]
    private static Status Send(CapabilitySlot to, RpcStatus status, HeldAnswer answer)
    {
        RpcMessage reply;
        var writer = new MessageWriter(ref *&reply, RpcLabel.Reply(status));
        if (answer.HasWords)
        {
            writer.WriteWord(answer.Result);
            writer.WriteWord(answer.Detail);
            writer.WriteCapability(answer.Granted.IsNull ? Capability.None : Capability.In(answer.Granted));
        }
        MessageExchange.Store(ref *&reply);
        (&reply)->Registers.Number = (ulong)SystemCall.NBSend;
        (&reply)->Registers.Address = to.Value;
        return SystemCalls.Trap(ref (&reply)->Registers);
    }

    [InlineArray(Server.MaximumCpus)]
    private struct Stacks
    {
        private CallerStack _stack;
    }
}
