using Skerry.Abi;
using Skerry.Apps.KernelTests;
using Skerry.Base.Kernel;

namespace Skerry.Apps.KernelLatency;

/// <summary>A call, and its answer, with as many words and capabilities as a message has.</summary>
internal static unsafe class TransferRows
{
    private const uint ServerPriority = 40;
    private const uint Capabilities = MessageLimits.MaximumCapabilities;

    /// <summary>Of the subject's slots: what is sent, where the server receives it, where its answer arrives.</summary>
    private const uint SentAt = 0;
    private const uint ServerAt = 8;
    private const uint AnswerAt = 16;

    private static EndpointCapability endpoint;

    public static void Run()
    {
        endpoint = new EndpointCapability(Workshop.Make(ObjectType.Endpoint));
        Worker.Make(Workshop.OwnSpace, 0, ServerPriority, Role.RpcServer, endpoint.Slot).Start();
        Sweep.Row("call-reply-64-capabilities"u8, &Make, &Call);
    }

    /// <summary>Sends back what arrived.</summary>
    public static void Serve(EndpointCapability endpoint)
    {
        Receive(ServerAt);
        Send(ServerAt);
        endpoint.Recv(out Message message);
        while (true)
        {
            endpoint.ReplyRecv(ref message);
        }
    }

    private static void Make()
    {
        Subject.Clear();
        Subject.Make(ObjectType.Endpoint, Capabilities, SentAt);
        Send(SentAt);
        Receive(AnswerAt);
    }

    private static void Send(uint at)
    {
        for (uint i = 0; i < Capabilities; i++)
        {
            SystemCalls.MessageBuffer.SendSlots[(int)i] = Subject.Slot(at + i).Value;
        }
    }

    private static void Receive(uint at)
    {
        SystemCalls.MessageBuffer.ReceiveSlot = Subject.Slot(at).Value;
        SystemCalls.MessageBuffer.ReceiveCount = Capabilities;
    }

    private static void Call()
    {
        var message = new Message { Info = MessageInfo.Of(0, MessageLimits.MaximumWords, (int)Capabilities) };
        Subject.Check(endpoint.Call(ref message));
        bool arrived = message.Info.Capabilities == (int)Capabilities;
        Subject.Check(arrived ? Status.Ok : Status.InvalidCapability);
    }
}
