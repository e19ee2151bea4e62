using System.Runtime.CompilerServices;
using Skerry.Abi;

namespace Skerry.Base.Kernel;

/// <summary>
/// Where callers meet a server. The four words in registers travel with the call; for longer messages and capabilities
/// the caller of these methods fills <see cref="SystemCalls.MessageBuffer"/> first.
/// </summary>
public readonly struct EndpointCapability(CapabilitySlot slot) : ITypedCapability<EndpointCapability>
{
    public CapabilitySlot Slot { get; } = slot;

    public Capability Capability => Capability.In(Slot);

    public static EndpointCapability FromCapability(Capability capability) => new(capability.Slot);

    /// <summary>Send, lend the processor to the receiver, and wait for the reply, which replaces the message.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public Status Call(ref Message message) => Exchange(SystemCall.Call, ref message);

    /// <summary>Send and wait until the message is taken.</summary>
    public Status Send(in Message message)
    {
        Message copy = message;
        return Exchange(SystemCall.Send, ref copy);
    }

    /// <summary>Send if a receiver waits.</summary>
    public Status NBSend(in Message message)
    {
        Message copy = message;
        return Exchange(SystemCall.NBSend, ref copy);
    }

    /// <summary>Wait for a message.</summary>
    public Status Recv(out Message message)
    {
        message = default;
        return Exchange(SystemCall.Recv, ref message);
    }

    /// <summary>Take a message if a sender waits, else WouldBlock.</summary>
    public Status NBRecv(out Message message)
    {
        message = default;
        return Exchange(SystemCall.NBRecv, ref message);
    }

    /// <summary>Answer the caller bound to this thread's Reply object, then wait for the next message.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public Status ReplyRecv(ref Message message) => Exchange(SystemCall.ReplyRecv, ref message);

    /// <summary>
    /// Map pages for the thread whose fault this thread received, resume it, and wait for the next message. On any status
    /// but Ok nothing was received and the faulter is still bound; word 0 of the message is then the detail, the level
    /// of the table after MissingPageTable.
    /// </summary>
    public Status ReplyMapRecv(in FrameMapping mapping, out Message message)
    {
        var frame = new SystemCallFrame
        {
            Rax = (ulong)SystemCall.ReplyMapRecv,
            Rdi = Slot.Value,
            Rsi = MessageInfo.Of(0, MessageLimits.RegisterWords).Value,
            Rdx = Invocation.Pack(mapping.Frame.Slot.Value, (uint)mapping.Rights),
            R8 = mapping.Address,
            R9 = mapping.Offset,
            R10 = mapping.Pages,
        };
        Status status = SystemCalls.Trap(ref frame);
        message = default;
        Store(in frame, ref message);
        return status;
    }

    /// <summary>Take over the group of another endpoint: capabilities to either are then unwrapped to badges at both.</summary>
    public Status JoinGroup(EndpointCapability other) =>
        Invocation.Invoke(Slot, (ulong)EndpointOperation.JoinGroup, other.Slot.Value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static void Store(in SystemCallFrame frame, ref Message message)
    {
        message.Badge = frame.Rdi;
        message.Info = new MessageInfo(frame.Rsi);
        message.Word0 = frame.Rdx;
        message.Word1 = frame.R8;
        message.Word2 = frame.R9;
        message.Word3 = frame.R10;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private Status Exchange(SystemCall call, ref Message message)
    {
        var frame = new SystemCallFrame
        {
            Rax = (ulong)call,
            Rdi = Slot.Value,
            Rsi = message.Info.Value,
            Rdx = message.Word0,
            R8 = message.Word1,
            R9 = message.Word2,
            R10 = message.Word3,
        };
        Status status = SystemCalls.Trap(ref frame);
        Store(in frame, ref message);
        return status;
    }
}
