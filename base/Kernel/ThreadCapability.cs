using Skerry.Abi;

namespace Skerry.Base.Kernel;

/// <summary>A thread. It belongs to one CPU of the cluster.</summary>
public readonly struct ThreadCapability(CapabilitySlot slot) : ITypedCapability<ThreadCapability>
{
    public CapabilitySlot Slot { get; } = slot;

    public Capability Capability => Capability.In(Slot);

    public static ThreadCapability FromCapability(Capability capability) => new(capability.Slot);

    /// <summary>The cookie is told with each of the thread's faults.</summary>
    public Status SetSpaces(CapTableCapability table, AddressSpaceCapability space, ulong cookie) =>
        Invocation.Invoke(Slot, (ulong)ThreadOperation.SetSpaces, Invocation.Pack(table.Slot, space.Slot), cookie);

    /// <summary>
    /// Priority 0 to 63, by a control of the thread's CPU that reaches so far; a thread with the null scheduling context is
    /// passive and runs on its callers'.
    /// </summary>
    public Status SetScheduling(uint priority, SchedContextCapability context, SchedControlCapability control) =>
        Invocation.Invoke(
            Slot,
            (ulong)ThreadOperation.SetScheduling,
            Invocation.Pack(priority, context.Slot.Value),
            control.Slot.Value
        );

    /// <summary>It gives its time up and runs on its callers' from now on, at no higher a priority than it has been given.</summary>
    public Status BecomePassive(uint priority) => SetScheduling(priority, default, default);

    /// <summary>The object that holds this thread's callers from their call to the reply.</summary>
    public Status SetReply(ReplyCapability reply) =>
        Invocation.Invoke(Slot, (ulong)ThreadOperation.SetReply, reply.Slot.Value);

    /// <summary>The page of a frame that is this thread's message buffer; the offset in bytes.</summary>
    public Status SetBuffer(FrameCapability frame, ulong offset) =>
        Invocation.Invoke(Slot, (ulong)ThreadOperation.SetBuffer, frame.Slot.Value, offset);

    public Status WriteRegisters(ulong instructionPointer, ulong stackPointer, ulong argument) =>
        Invocation.Invoke(Slot, (ulong)ThreadOperation.WriteRegisters, instructionPointer, stackPointer, argument);

    public Status ReadRegisters(out ThreadRegisters registers)
    {
        Status status = Invocation.Invoke(
            Slot,
            (ulong)ThreadOperation.ReadRegisters,
            0,
            0,
            0,
            0,
            out InvocationResult result
        );
        registers = new ThreadRegisters(result.Word0, result.Word1, result.Word2, (ThreadState)result.Word3);
        return status;
    }

    /// <summary>
    /// All registers of another thread: rip, rsp, rflags and rax here, the others in the caller's message buffer
    /// (<see cref="RegisterWords"/>).
    /// </summary>
    public Status ReadAllRegisters(
        out ulong instructionPointer,
        out ulong stackPointer,
        out ulong flags,
        out ulong accumulator
    )
    {
        Status status = Invocation.Invoke(
            Slot,
            (ulong)ThreadOperation.ReadAllRegisters,
            0,
            0,
            0,
            0,
            out InvocationResult result
        );
        instructionPointer = result.Word0;
        stackPointer = result.Word1;
        flags = result.Word2;
        accumulator = result.Word3;
        return status;
    }

    /// <summary>The others from the caller's message buffer; of another thread that does not wait.</summary>
    public Status WriteAllRegisters(ulong instructionPointer, ulong stackPointer, ulong flags, ulong accumulator) =>
        Invocation.Invoke(
            Slot,
            (ulong)ThreadOperation.WriteAllRegisters,
            instructionPointer,
            stackPointer,
            flags,
            accumulator
        );

    /// <summary>0 to 63; without a control no higher than it has been given.</summary>
    public Status SetPriority(uint priority, SchedControlCapability control) =>
        Invocation.Invoke(Slot, (ulong)ThreadOperation.SetPriority, priority, control.Slot.Value);

    /// <summary>Moves it to the control's CPU; a receive or wait it is in ends with WrongCpu.</summary>
    public Status SetCpu(SchedControlCapability control) =>
        Invocation.Invoke(Slot, (ulong)ThreadOperation.SetCpu, control.Slot.Value);

    /// <summary>
    /// What is to be a fault of this thread although it need not be one. Its timeouts are told to an endpoint that its own
    /// table has in this slot; the null slot: to its pager.
    /// </summary>
    public Status SetFaults(ThreadFaults faults, CapabilitySlot timeouts = default) =>
        Invocation.Invoke(Slot, (ulong)ThreadOperation.SetFaults, (ulong)faults, timeouts.Value);

    /// <summary>Index 0 to 3; 1, 2, 4 or 8 bytes from an address that is a multiple of that.</summary>
    public Status SetBreakpoint(uint index, BreakpointKind kind, uint length, ulong address) =>
        Invocation.Invoke(
            Slot,
            (ulong)ThreadOperation.SetBreakpoint,
            Invocation.Pack(index, (uint)kind | length << 8),
            address
        );

    public Status ClearBreakpoint(uint index) => Invocation.Invoke(Slot, (ulong)ThreadOperation.ClearBreakpoint, index);

    /// <summary>Whether a debug fault follows each instruction.</summary>
    public Status SetSingleStep(bool on) =>
        Invocation.Invoke(Slot, (ulong)ThreadOperation.SetSingleStep, on ? 1ul : 0ul);

    /// <summary>Make an inactive thread ready to run.</summary>
    public Status Resume() => Invocation.Invoke(Slot, (ulong)ThreadOperation.Resume);

    /// <summary>Stop it wherever it is; a wait it is in ends with Cancelled when it resumes.</summary>
    public Status Suspend() => Invocation.Invoke(Slot, (ulong)ThreadOperation.Suspend);

    /// <summary>The notification also ends this thread's Recv; the null one unbinds.</summary>
    public Status BindNotification(NotificationCapability notification) =>
        Invocation.Invoke(Slot, (ulong)ThreadOperation.BindNotification, notification.Slot.Value);
}
