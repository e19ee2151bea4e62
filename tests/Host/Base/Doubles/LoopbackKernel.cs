using System;
using System.Collections.Generic;
using System.Runtime.InteropServices;
using Skerry.Abi;
using Skerry.Base.Kernel;
using Skerry.Base.Rpc;

namespace Skerry.Tests.Host.Base.Doubles;

/// <summary>
/// A kernel in which every Call reaches one server at once. It copies words and capabilities between two message buffers
/// as the real one does, with one capability table for client and server: a slot above <see cref="OwnObjects"/> is the
/// server's own object and arrives as a badge.
/// </summary>
internal sealed unsafe class LoopbackKernel : IKernelDouble, IDisposable
{
    public delegate void Handler(ref RpcMessage request, ref RpcMessage reply);

    public const uint OwnObjects = 0x8000;
    private readonly Handler _handler;
    private readonly byte* _serverPage = (byte*)NativeMemory.AllocZeroed((nuint)UserLayout.PageSize);

    private LoopbackKernel(Handler handler) => _handler = handler;

    /// <summary>Slots that a Delete was asked for.</summary>
    public List<uint> Deleted { get; } = [];

    /// <summary>Calls so far, and the registers' part of the last reply.</summary>
    public int Calls { get; private set; }

    public SystemCallFrame LastReply { get; private set; }

    /// <summary>For the running thread, until disposed.</summary>
    public static LoopbackKernel Install(Handler handler)
    {
        var kernel = new LoopbackKernel(handler);
        SystemCalls.Double = kernel;
        CapabilitySlots.Initialise(64, 1024);
        return kernel;
    }

    public void Dispose()
    {
        SystemCalls.Double = null;
        NativeMemory.Free(_serverPage);
    }

    public Status Trap(ref SystemCallFrame frame)
    {
        switch ((SystemCall)frame.Number)
        {
            case SystemCall.Call:
                return Call(ref frame);
            case SystemCall.Invoke:
                if (new MessageInfo(frame.Info).Label == (ulong)CapTableOperation.Delete)
                {
                    Deleted.Add((uint)frame.Word0);
                }
                return Status.Ok;
            default:
                return Status.UnknownSystemCall;
        }
    }

    private Status Call(ref SystemCallFrame frame)
    {
        Calls++;
        byte* clientPage = SystemCalls.ThreadPage;
        SystemCalls.ThreadPage = _serverPage;
        ReceiveWindow.TryOpen(MessageLimits.MaximumCapabilities, out _);
        if (!Deliver((MessageBuffer*)clientPage, (MessageBuffer*)_serverPage, new MessageInfo(frame.Info)))
        {
            SystemCalls.ThreadPage = clientPage;
            return Status.CapabilityNotReceived;
        }
        var request = new RpcMessage();
        var reply = new RpcMessage();
        request.Registers = frame;
        MessageExchange.Load(ref request);
        _handler(ref request, ref reply);
        MessageExchange.Store(ref reply);
        SystemCallFrame answer = reply.Registers;
        SystemCalls.ThreadPage = clientPage;
        if (!Deliver((MessageBuffer*)_serverPage, (MessageBuffer*)clientPage, new MessageInfo(answer.Info)))
        {
            return Status.CapabilityNotReceived;
        }
        frame = answer;
        LastReply = frame;
        return Status.Ok;
    }

    private static bool Deliver(MessageBuffer* from, MessageBuffer* to, MessageInfo info)
    {
        for (int i = MessageLimits.RegisterWords; i < info.Length; i++)
        {
            to->Words[i] = from->Words[i];
        }
        for (int i = 0; i < info.Capabilities; i++)
        {
            ulong slot = from->SendSlots[i];
            if (slot >= OwnObjects)
            {
                to->Arrived[i] = (ulong)CapabilityArrival.Unwrapped;
                to->Badges[i] = slot;
            }
            else if ((ulong)i < to->ReceiveCount)
            {
                to->Arrived[i] = (ulong)CapabilityArrival.Installed;
            }
            else
            {
                return false;
            }
        }
        return true;
    }
}
