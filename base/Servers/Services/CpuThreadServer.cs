using Skerry.Abi;
using Skerry.Base.Kernel;
using Skerry.Base.Servers.Objects;
using Skerry.Base.Sessions;

namespace Skerry.Base.Servers.Services;

/// <summary>One thread of a CPU session. The service lock is held.</summary>
/// <param name="server">Whose it is.</param>
/// <param name="record">The thread.</param>
/// <param name="cpu">Of the client, by index among the server's.</param>
/// <param name="sentCapability">The request was sent with a capability, which may not have arrived.</param>
public unsafe struct CpuThreadServer(Server* server, ThreadRecord* record, uint cpu, bool sentCapability) : ICpuThread
{
    /// <summary>There is no answer: the caller has been put aside.</summary>
    public bool Deferred { get; private set; }

    public ThreadResult Start(ulong instructionPointer, ulong stackPointer, ulong argument)
    {
        if (record->Started)
        {
            return ThreadResult.InvalidState;
        }
        if (record->Thread.WriteRegisters(instructionPointer, stackPointer, argument) != Status.Ok)
        {
            return ThreadResult.InvalidArgument;
        }
        record->Started = true;
        return ToResult(record->Thread.Resume());
    }

    public ThreadResult Pause() => ToResult(record->Thread.Suspend());

    public ThreadResult Resume() => record->Started ? ToResult(record->Thread.Resume()) : ThreadResult.InvalidState;

    public ThreadResult State(out ThreadInformation information)
    {
        Status status = record->Thread.ReadRegisters(out ThreadRegisters registers);
        information = new ThreadInformation(registers.InstructionPointer, registers.StackPointer, registers.State);
        return ToResult(status);
    }

    /// <summary>A thread stays on the CPU it was made on: the kernel moves threads, this service does not yet. Its own CPU is accepted.</summary>
    public ThreadResult SetAffinity(Affinity affinity)
    {
        ProtectionDomain* pd = record->Pd;
        Affinity place = affinity.Within(new Affinity(pd->FirstCpu, pd->CpuCount), out _);
        return place.X == record->Cpu ? ThreadResult.Ok : ThreadResult.Denied;
    }

    /// <summary>Denied: every thread is made with a Reply object, and the kernel lets nobody send one.</summary>
    public ThreadResult SetReply(ReplyCapability reply)
    {
        CapabilitySlots.Release(reply.Slot);
        return ThreadResult.Denied;
    }

    public ThreadResult ServeOnCallers() => ToResult(record->Thread.BecomePassive(record->Priority));

    /// <summary>Looked up in the child's table when the time ends: what it has put there is its own affair.</summary>
    public ThreadResult TellLostTime(uint slot)
    {
        ThreadFaults faults = slot == 0 ? ThreadFaults.None : ThreadFaults.Timeout | ThreadFaults.NoTime;
        return ToResult(record->Thread.SetFaults(faults, new CapabilitySlot(slot)));
    }

    public ThreadResult ServeOnOwnTime()
    {
        SchedControlCapability time = server->Cpus[(int)record->Cpu].Time;
        return ToResult(record->Thread.SetScheduling(record->Priority, record->Context, time));
    }

    public ThreadResult Finish()
    {
        HeldCaller* held = record->Finished == null ? server->Callers.PutAside(cpu) : null;
        if (held == null)
        {
            return ThreadResult.InvalidState;
        }
        record->Finished = held;
        Deferred = true;
        return ThreadResult.Ok;
    }

    public ThreadResult BindNotification(NotificationCapability notification)
    {
        if (sentCapability && notification.Slot.IsNull)
        {
            return ThreadResult.InvalidArgument;
        }
        CapabilitySlot kept = server->Keep(notification.Slot);
        if (sentCapability && kept.IsNull)
        {
            return ThreadResult.OutOfCapabilities;
        }
        ThreadResult result = ToResult(record->Thread.BindNotification(new NotificationCapability(kept)));
        CapabilitySlot unused = result == ThreadResult.Ok ? record->Notification : kept;
        if (result == ThreadResult.Ok)
        {
            record->Notification = kept;
        }
        server->LetGo(unused);
        return result;
    }

    public ThreadResult KernelThread(out ThreadCapability thread)
    {
        thread = default;
        return ThreadResult.Denied;
    }

    private static ThreadResult ToResult(Status status) =>
        status switch
        {
            Status.Ok => ThreadResult.Ok,
            Status.InvalidState => ThreadResult.InvalidState,
            _ => ThreadResult.InvalidArgument,
        };
}
