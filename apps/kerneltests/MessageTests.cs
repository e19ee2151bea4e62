using System;
using Skerry.Abi;
using Skerry.Base.Kernel;
using Skerry.Base.Measurement;

namespace Skerry.Apps.KernelTests;

/// <summary>Calls between threads of one CPU, in one address space and in two.</summary>
internal static unsafe class MessageTests
{
    private const uint ServerPriority = 41;
    private const int WarmUp = 100;

    private static Samples samples;

    public static bool Run()
    {
        bool passed = RoundTrips("same-space"u8, "call-roundtrip-same-space"u8, Workshop.OwnSpace);
        passed &= RoundTrips("two-spaces"u8, "call-roundtrip"u8, Workshop.CloneSpace());
        return passed & LongMessage() & DeletedEndpoint();
    }

    public static void Echo(EndpointCapability endpoint)
    {
        endpoint.Recv(out Message message);
        while (true)
        {
            message.Word0++;
            message.Word1++;
            message.Word2++;
            message.Word3++;
            message.Info = MessageInfo.Of(message.Badge, message.Info.Length);
            ref MessageBuffer buffer = ref SystemCalls.MessageBuffer;
            for (int i = MessageLimits.RegisterWords; i < message.Info.Length; i++)
            {
                buffer.Words[i]++;
            }
            if (endpoint.ReplyRecv(ref message) != Status.Ok)
            {
                Worker.WaitForEver();
            }
        }
    }

    /// <summary>A passive echo server in that space, and a capability with badge 5 to call it by.</summary>
    public static EndpointCapability StartEcho(
        AddressSpaceCapability space,
        uint cpu,
        out Worker server,
        bool passive = true
    )
    {
        var endpoint = new EndpointCapability(Workshop.Make(ObjectType.Endpoint, cpu));
        CapabilitySlot client = Workshop.Slots(1);
        Workshop.Must(
            CapTableCapability.Own.Mint(
                client,
                CapTableCapability.Own,
                endpoint,
                EndpointRights.Send | EndpointRights.Grant,
                5
            )
        );
        server = Worker.Make(space, cpu, ServerPriority, Role.Echo, endpoint.Slot);
        server.Start();
        while (server.State != ThreadState.Receiving)
        {
            Processor.Yield();
        }
        if (passive)
        {
            server.MakePassive(ServerPriority);
        }
        return new EndpointCapability(client);
    }

    private static bool RoundTrips(ReadOnlySpan<byte> name, ReadOnlySpan<byte> bench, AddressSpaceCapability space)
    {
        EndpointCapability client = StartEcho(space, 0, out _);
        ulong wrong = 0;
        samples.Clear();
        for (int i = -WarmUp; i < Samples.Capacity; i++)
        {
            samples.Calibrate(SystemCalls.ReadTimeStampCounter(), SystemCalls.ReadTimeStampCounter());
            var message = new Message
            {
                Info = MessageInfo.Of(3, 4),
                Word0 = 10,
                Word1 = 20,
                Word2 = 30,
                Word3 = (ulong)(uint)i,
            };
            ulong start = SystemCalls.ReadTimeStampCounter();
            Status status = client.Call(ref message);
            ulong end = SystemCalls.ReadTimeStampCounter();
            bool right = status == Status.Ok && message.Info.Label == 5 && message.Word0 == 11 && message.Word1 == 21;
            wrong += right && message.Word2 == 31 && message.Word3 == (ulong)(uint)i + 1 ? 0u : 1u;
            if (i >= 0)
            {
                samples.Add(end - start);
            }
        }
        Console.Bench(bench, ref samples);
        Console.Test(name, wrong == 0, "wrong answers"u8, wrong);
        return wrong == 0;
    }

    private static bool LongMessage()
    {
        EndpointCapability client = StartEcho(Workshop.OwnSpace, 0, out _);
        ref MessageBuffer buffer = ref SystemCalls.MessageBuffer;
        for (int i = 0; i < MessageLimits.MaximumWords; i++)
        {
            buffer.Words[i] = (ulong)(uint)i;
        }
        Message message = Message.Of(1, MessageLimits.MaximumWords);
        Status status = client.Call(ref message);
        ulong wrong = status == Status.Ok && message.Info.Length == MessageLimits.MaximumWords ? 0u : 1u;
        for (int i = MessageLimits.RegisterWords; i < MessageLimits.MaximumWords; i++)
        {
            wrong += buffer.Words[i] == (ulong)(uint)i + 1 ? 0u : 1u;
        }
        Message tooLong = Message.Of(1, MessageLimits.MaximumWords + 1);
        wrong += client.Call(ref tooLong) == Status.MessageTooLong ? 0u : 1u;
        Console.Test("long-message"u8, wrong == 0, "wrong words"u8, wrong);
        return wrong == 0;
    }

    private static bool DeletedEndpoint()
    {
        var endpoint = new EndpointCapability(Workshop.Make(ObjectType.Endpoint));
        Worker server = Worker.Make(Workshop.OwnSpace, 0, ServerPriority, Role.Echo, endpoint.Slot);
        server.Start();
        while (server.State != ThreadState.Receiving)
        {
            Processor.Yield();
        }
        Workshop.Must(CapTableCapability.Own.Delete(endpoint.Slot));
        // Its receive ends with Cancelled.
        Processor.Yield();
        bool released = server.State == ThreadState.Waiting;
        Workshop.Must(server.Thread.Suspend());
        Console.Test("endpoint-deleted"u8, released, "released"u8, released ? 1u : 0u);
        return released;
    }
}
