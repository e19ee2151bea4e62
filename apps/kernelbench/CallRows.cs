using System;
using Skerry.Abi;
using Skerry.Apps.KernelTests;
using Skerry.Base.Kernel;
using Skerry.Base.Measurement;

namespace Skerry.Apps.KernelBench;

/// <summary>Calls between threads of one CPU, round trips and one way.</summary>
internal static class CallRows
{
    public const uint ServerPriority = 41;
    private const ulong Badge = 5;
    private const ulong CallLabel = 3;
    private const ulong AnswerLabel = 9;
    private const int LongWords = 10;
    private const ulong FirstWord = 100;

    public static void Run()
    {
        RoundTrip("call-reply-0"u8, Places.Other, 0);
        RoundTrip("call-reply-4"u8, Places.Other, MessageLimits.RegisterWords);
        RoundTrip("call-reply-0-same-space"u8, Workshop.OwnSpace, 0);
        RoundTrip("call-reply-slow"u8, Places.Other, 0, passive: false);
        RoundTrip("call-reply-10"u8, Places.Other, LongWords);
        OneWay("call-oneway"u8, "reply-oneway"u8, 0);
        OneWay("call-oneway-10"u8, "reply-oneway-10"u8, LongWords);
    }

    /// <summary>A server that waits to receive, and a capability with a badge to call it by.</summary>
    public static CapabilitySlot Serve(
        AddressSpaceCapability space,
        uint cpu,
        ulong entry,
        int words,
        bool passive = true
    )
    {
        var endpoint = new EndpointCapability(Workshop.Make(ObjectType.Endpoint, cpu));
        CapabilitySlot client = Workshop.Slots(1);
        CapTableCapability own = CapTableCapability.Own;
        Workshop.Must(own.Mint(client, own, endpoint, EndpointRights.Send, Badge));
        Board.Set(MeasureLayout.ServerSlot, endpoint.Slot);
        Board.Set(MeasureLayout.ServerInfo, MessageInfo.Of(AnswerLabel, words).Value);
        Servant server = Servant.Make(space, cpu, ServerPriority, entry);
        if (words > MessageLimits.RegisterWords)
        {
            GiveBuffer(space, server);
        }
        server.Start(ThreadState.Receiving);
        if (passive)
        {
            server.MakePassive(ServerPriority);
        }
        return client;
    }

    /// <summary>The buffers of all servers have the same address: each takes the last one's place.</summary>
    private static void GiveBuffer(AddressSpaceCapability space, Servant server)
    {
        Workshop.Must(bufferInUse.Slot.IsNull ? Status.Ok : bufferInUse.Unmap());
        bufferInUse = Workshop.Frame(1);
        const FrameRights rights = FrameRights.Read | FrameRights.Write;
        Workshop.Map(space, bufferInUse, MeasureLayout.ServerBuffer, rights, 1);
        Workshop.Must(server.Thread.SetBuffer(bufferInUse, 0));
    }

    private static FrameCapability bufferInUse;

    public static void RoundTrip(
        ReadOnlySpan<byte> name,
        AddressSpaceCapability space,
        int words,
        bool passive = true,
        uint cpu = 0
    )
    {
        CapabilitySlot client = Serve(space, cpu, words == 0 ? Entries.Echo : Entries.EchoWords, words, passive);
        Report.Begin();
        for (int i = -Measurement.WarmUp; i < Samples.Capacity; i++)
        {
            Request request = Call(client, words, i);
            uint ticks = Measurement.Ticks(ref request, words == 0 ? MeasureKind.Info : MeasureKind.Word4);
            CheckAnswer(in request, words, i);
            if (i >= 0)
            {
                Report.Add(ticks);
            }
        }
        Report.End(name, words == 0 ? ShareOfCall : ShareOfCallWords);
    }

    public static ulong ShareOfCall => Measurement.Share(MeasureKind.Info) + Measurement.Share(MeasureKind.DryEcho);

    private static ulong ShareOfCallWords =>
        Measurement.Share(MeasureKind.Word4) + Measurement.Share(MeasureKind.DryEchoWords);

    private static Request Call(CapabilitySlot client, int words, int round)
    {
        Request request = Request.Of(SystemCall.Call, client, MessageInfo.Of(CallLabel, words));
        ulong first = FirstWord + (ulong)(uint)(round + Measurement.WarmUp);
        request.Word0 = first;
        request.Word1 = first + 1;
        request.Word2 = first + 2;
        request.Word3 = first + 3;
        for (int i = MessageLimits.RegisterWords; i < words; i++)
        {
            SystemCalls.MessageBuffer.Words[i] = first + (ulong)(uint)i;
        }
        return request;
    }

    private static void CheckAnswer(in Request answer, int words, int round)
    {
        Report.Check(answer.Status == Status.Ok, answer.Number);
        Report.Check(answer.Info == MessageInfo.Of(AnswerLabel, words).Value, answer.Info);
        if (words != 0)
        {
            ulong first = FirstWord + (ulong)(uint)(round + Measurement.WarmUp) + 1;
            Report.Check(answer.Word0 == first, answer.Word0);
            Report.Check(answer.Word1 == first + 1, answer.Word1);
            Report.Check(answer.Word2 == first + 2, answer.Word2);
            Report.Check(answer.Word3 == first + 3, answer.Word3);
        }
    }

    /// <summary>Two rows: to the server's first instruction behind its system call, and back from its last before it.</summary>
    private static void OneWay(ReadOnlySpan<byte> call, ReadOnlySpan<byte> reply, int words)
    {
        ulong entry = words == 0 ? Entries.TimedEcho : Entries.TimedEchoWords;
        CapabilitySlot client = Serve(Places.Other, 0, entry, words);
        MeasureKind kind = words == 0 ? MeasureKind.Info : MeasureKind.Word4;
        MeasureKind answer = words == 0 ? MeasureKind.DryAnswer : MeasureKind.DryAnswerWords;
        for (int direction = 0; direction < 2; direction++)
        {
            Report.Begin();
            for (int i = -Measurement.WarmUp; i < Samples.Capacity; i++)
            {
                Request request = Call(client, words, i);
                Measurement.Ticks(ref request, kind);
                CheckAnswer(in request, words, i);
                CheckSeen(words, i);
                uint there = (uint)Board.Get(MeasureLayout.Handled) - (uint)request.Begin;
                uint back = (uint)request.End - (uint)Board.Get(MeasureLayout.Answered);
                if (i >= 0)
                {
                    Report.Add((direction == 0 ? there : back) - Measurement.Empty);
                }
            }
            Report.End(direction == 0 ? call : reply, Measurement.Share(direction == 0 ? kind : answer));
        }
    }

    /// <summary>What the server noted; and what it added to the words that do not travel in registers.</summary>
    private static void CheckSeen(int words, int round)
    {
        Report.Check(Board.Get(MeasureLayout.SeenStatus) == (ulong)Status.Ok, Board.Get(MeasureLayout.SeenStatus));
        Report.Check(Board.Get(MeasureLayout.SeenBadge) == Badge, Board.Get(MeasureLayout.SeenBadge));
        ulong info = Board.Get(MeasureLayout.SeenInfo);
        Report.Check(info == MessageInfo.Of(CallLabel, words).Value, info);
        ulong first = FirstWord + (ulong)(uint)(round + Measurement.WarmUp) + 1;
        for (int i = MessageLimits.RegisterWords; i < words; i++)
        {
            ulong word = SystemCalls.MessageBuffer.Words[i];
            Report.Check(word == first + (ulong)(uint)i, word);
        }
    }
}
