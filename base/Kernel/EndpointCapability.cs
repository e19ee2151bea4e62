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
            Number = (ulong)SystemCall.ReplyMapRecv,
            Address = Slot.Value,
            Info = MessageInfo.Of(0, MessageLimits.RegisterWords).Value,
            Word0 = Invocation.Pack(mapping.Frame.Slot.Value, mapping.Attributes.Value),
            Word1 = mapping.Address,
            Word2 = mapping.Offset,
            Word3 = mapping.Pages,
        };
        Status status = SystemCalls.Trap(ref frame);
        message = default;
        Store(in frame, ref message);
        return status;
    }

    /// <summary>Take over the group of another endpoint: capabilities to either are then unwrapped to badges at both.</summary>
    public Status JoinGroup(EndpointCapability other) =>
        Invocation.Invoke(Slot, (ulong)EndpointOperation.JoinGroup, other.Slot.Value);

    /// <summary>
    /// All who wait to send or to call with this capability's badge end with Cancelled; needs all rights. For when a client
    /// is cut off: revoke its capability, then cancel what it has under way.
    /// </summary>
    public Status CancelBadgedSends() => Invocation.Invoke(Slot, (ulong)EndpointOperation.CancelBadgedSends);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static void Store(in SystemCallFrame frame, ref Message message)
    {
        message.Badge = frame.Address;
        message.Info = new MessageInfo(frame.Info);
        message.Word0 = frame.Word0;
        message.Word1 = frame.Word1;
        message.Word2 = frame.Word2;
        message.Word3 = frame.Word3;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private Status Exchange(SystemCall call, ref Message message)
    {
        var frame = new SystemCallFrame
        {
            Number = (ulong)call,
            Address = Slot.Value,
            Info = message.Info.Value,
            Word0 = message.Word0,
            Word1 = message.Word1,
            Word2 = message.Word2,
            Word3 = message.Word3,
        };
        Status status = SystemCalls.Trap(ref frame);
        Store(in frame, ref message);
        return status;
    }
}
