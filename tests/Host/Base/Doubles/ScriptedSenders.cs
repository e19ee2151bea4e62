using System;
using System.Collections.Generic;
using Skerry.Abi;
using Skerry.Base.Kernel;
using Skerry.Base.Rpc;

namespace Skerry.Tests.Host.Base.Doubles;

/// <summary>A kernel in which a thread that receives gets one message after the other, and then finds its endpoint gone.</summary>
/// <param name="methods">What each message asks for, and how many capabilities it was sent with.</param>
internal sealed unsafe class ScriptedSenders(IEnumerable<(uint Method, int Capabilities)> methods)
    : IKernelDouble,
        IDisposable
{
    private readonly Queue<(uint Method, int Capabilities)> _messages = new(methods);
    private readonly HashSet<ulong> _filled = [];

    /// <summary>What each was answered.</summary>
    public List<RpcStatus> Answers { get; } = [];

    /// <summary>For the running thread, until disposed, with so many slots for what messages bring.</summary>
    public void Install(uint slots)
    {
        const uint first = 64;
        SystemCalls.Double = this;
        CapabilitySlots.Initialise(first, first + slots);
    }

    public void Dispose() => SystemCalls.Double = null;

    public Status Trap(ref SystemCallFrame frame)
    {
        switch ((SystemCall)frame.Number)
        {
            case SystemCall.ReplyRecv:
                Answers.Add((RpcStatus)new RpcLabel(new MessageInfo(frame.Info).Label).Method);
                return Receive(ref frame);
            case SystemCall.Recv:
                return Receive(ref frame);
            case SystemCall.Invoke when new MessageInfo(frame.Info).Label == (ulong)CapTableOperation.Delete:
                return _filled.Remove(frame.Word0) ? Status.Ok : Status.InvalidCapability;
            default:
                return Status.UnknownSystemCall;
        }
    }

    private Status Receive(ref SystemCallFrame frame)
    {
        if (!_messages.TryDequeue(out (uint Method, int Capabilities) message))
        {
            return Status.InvalidCapability;
        }
        ref MessageBuffer buffer = ref SystemCalls.MessageBuffer;
        int arrived = 0;
        while (
            arrived < message.Capabilities
            && (ulong)arrived < buffer.ReceiveCount
            && _filled.Add(buffer.ReceiveSlot + (ulong)arrived)
        )
        {
            buffer.Arrived[arrived++] = (ulong)CapabilityArrival.Installed;
        }
        uint sent = (1u << message.Capabilities) - 1;
        frame.Info = MessageInfo.Of(RpcLabel.Request(1, message.Method).WithCapabilities(sent).Value, 0, arrived).Value;
        return Status.Ok;
    }
}
