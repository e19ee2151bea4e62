using Skerry.Abi;
using Skerry.Kernel.Objects;
using Skerry.Kernel.Scheduling;

namespace Skerry.Kernel.Ipc;

/// <summary>Answers to callers and faulters off the fastpath. Under the cluster lock.</summary>
internal static unsafe class Replying
{
    /// <summary>ReplyRecv: answer the caller held by the bound Reply object, if there is one, and receive.</summary>
    public static Status ReplyRecv(Cpu* cpu, Thread* server, ulong slot)
    {
        Status status = Receiving.Check(cpu, server, slot, out Endpoint* endpoint);
        if (status == Status.Ok)
        {
            status = MessageTransfer.Check(server, new MessageInfo(server->Info));
        }
        if (status == Status.Ok && server->Reply != null)
        {
            status = CheckRegisters(server, server->Reply->Caller);
        }
        if (status != Status.Ok)
        {
            return status;
        }
        if (!Refusals.Tell(cpu, server, endpoint))
        {
            return Threads.CallAgain(server);
        }
        if (server->Reply != null && server->Reply->Caller != null)
        {
            Answer(cpu, server, server->Reply);
        }
        Receiving.Wait(cpu, server, endpoint);
        return Status.Ok;
    }

    /// <summary>The message is in the registers of the thread that answers. The Reply object is free afterwards.</summary>
    public static Status Answer(Cpu* cpu, Thread* from, Reply* reply)
    {
        if (reply->Cpu != cpu->Index)
        {
            return Status.WrongCpu;
        }
        Thread* caller = reply->Caller;
        if (caller == null)
        {
            return Status.NoCaller;
        }
        var info = new MessageInfo(from->Info);
        Status status = MessageTransfer.Check(from, info);
        if (status == Status.Ok)
        {
            status = CheckRegisters(from, caller);
        }
        if (status != Status.Ok)
        {
            return status;
        }
        cpu->Count(CpuCounter.SlowpathMessages);
        if (caller->State == ThreadState.AwaitingReply)
        {
            MessageTransfer.Move(from, caller, null, 0, mayGrant: true);
        }
        else if (info.Label == FaultReply.SetRegisters)
        {
            RegisterTransfer.Write(from, info.Length, caller);
        }
        Release(cpu, reply);
        return Status.Ok;
    }

    /// <summary>If this is an answer to a fault that sets registers, they must be such.</summary>
    private static Status CheckRegisters(Thread* from, Thread* caller)
    {
        var info = new MessageInfo(from->Info);
        bool sets = caller != null && caller->State == ThreadState.Faulted && info.Label == FaultReply.SetRegisters;
        return sets ? RegisterTransfer.Check(from, info.Length) : Status.Ok;
    }

    /// <summary>The caller, whose registers hold what it is to see, runs again, on what it lent.</summary>
    public static void Release(Cpu* cpu, Reply* reply)
    {
        Thread* caller = reply->Caller;
        bool turnIsOver = reply->CallersTurnIsOver;
        bool wentBehind = reply->BorrowerWentBehind && reply->Borrower != null;
        reply->ForgetCaller();
        caller->AwaitedReply = null;
        Lending.Return(cpu, reply, caller);
        Threads.Wake(cpu, caller);
        if (turnIsOver)
        {
            Turns.Unwind(cpu, caller, wentBehind);
        }
    }
}
