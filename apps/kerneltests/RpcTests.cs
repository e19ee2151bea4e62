using System;
using Skerry.Abi;
using Skerry.Base.Kernel;
using Skerry.Base.Measurement;
using Skerry.Base.Rpc;
using Skerry.Base.Sessions;

namespace Skerry.Apps.KernelTests;

/// <summary>A generated client calls a generated dispatch through the kernel.</summary>
internal static unsafe class RpcTests
{
    private const uint ServerPriority = 41;
    private const ulong ObjectBadge = 5;
    private const ulong OtherBadge = 77;
    private const uint Slots = 64;
    private const int TextLength = 301;

    private static Samples samples;

    public static bool Run()
    {
        uint first = Workshop.Slots(Slots).Value;
        CapabilitySlots.Initialise(first, first + Slots);
        EndpointCapability endpoint = StartServer();
        var client = new RpcTestClient(Mint(endpoint, ObjectBadge));
        bool passed = Registers(client) & Buffers(client);
        return passed & Capabilities(client, Mint(endpoint, OtherBadge)) & WrongInterface(client);
    }

    public static void Serve(EndpointCapability endpoint)
    {
        var server = new RpcServer();
        Entrypoint.Serve(ref server, endpoint);
        Worker.WaitForEver();
    }

    private static EndpointCapability StartServer()
    {
        var endpoint = new EndpointCapability(Workshop.Make(ObjectType.Endpoint));
        Worker server = Worker.Make(Workshop.OwnSpace, 0, ServerPriority, Role.RpcServer, endpoint.Slot);
        server.Start();
        while (server.State != ThreadState.Receiving)
        {
            Processor.Yield();
        }
        server.MakePassive(ServerPriority);
        return endpoint;
    }

    private static CapabilitySlot Mint(EndpointCapability endpoint, ulong badge)
    {
        CapabilitySlot slot = Workshop.Slots(1);
        CapTableCapability own = CapTableCapability.Own;
        Workshop.Must(own.Mint(slot, own, endpoint, EndpointRights.Send | EndpointRights.Grant, badge));
        return slot;
    }

    private static bool Registers(RpcTestClient client)
    {
        ulong wrong = 0;
        samples.Clear();
        for (ulong i = 0; i < Samples.Capacity; i++)
        {
            samples.Calibrate(SystemCalls.ReadTimeStampCounter(), SystemCalls.ReadTimeStampCounter());
            ulong start = SystemCalls.ReadTimeStampCounter();
            RpcTestResult result = client.Add(i, ulong.MaxValue, out ulong sum);
            ulong end = SystemCalls.ReadTimeStampCounter();
            wrong += result == RpcTestResult.Ok && sum == i - 1 ? 0u : 1u;
            samples.Add(end - start);
        }
        Console.Bench("rpc-roundtrip"u8, ref samples);
        Console.Test("rpc-registers"u8, wrong == 0, "wrong answers"u8, wrong);
        return wrong == 0;
    }

    private static bool Buffers(RpcTestClient client)
    {
        Span<byte> text = stackalloc byte[TextLength];
        Span<byte> reversed = stackalloc byte[TextLength];
        for (int i = 0; i < TextLength; i++)
        {
            text[i] = (byte)i;
        }
        ulong wrong = client.Reverse(text, reversed) == RpcTestResult.Ok ? 0u : 1u;
        for (int i = 0; i < TextLength; i++)
        {
            wrong += reversed[i] == text[TextLength - 1 - i] ? 0u : 1u;
        }
        Console.Test("rpc-buffers"u8, wrong == 0, "wrong bytes"u8, wrong);
        return wrong == 0;
    }

    /// <summary>Many rounds: a slot that leaked each time would exhaust the table.</summary>
    private static bool Capabilities(RpcTestClient client, CapabilitySlot other)
    {
        var notification = new NotificationCapability(Workshop.Make(ObjectType.Notification));
        int free = 0;
        ulong wrong = 0;
        for (uint i = 0; i < 2 * Slots; i++)
        {
            RpcTestResult result = client.Exchange(
                Capability.In(other),
                OtherBadge,
                notification,
                out NotificationCapability back
            );
            bool works =
                result == RpcTestResult.Ok && back.Signal() == Status.Ok && notification.Poll(out _) == Status.Ok;
            wrong += works ? 0u : 1u;
            CapabilitySlots.Release(back.Slot);
            // The server keeps the last one it was given, from the first round on.
            wrong += i == 0 || free == CapabilitySlots.FreeCount ? 0u : 1u;
            free = CapabilitySlots.FreeCount;
        }
        Console.Test("rpc-capabilities"u8, wrong == 0, "wrong answers"u8, wrong);
        return wrong == 0;
    }

    private static bool WrongInterface(RpcTestClient client)
    {
        bool refused = new LogSessionClient(client.Slot).Write("text"u8, out _) == LogResult.CallFailed;
        bool goesOn = client.Add(1, 2, out ulong sum) == RpcTestResult.Ok && sum == 3;
        Console.Test("rpc-wrong-interface"u8, refused && goesOn, "refused"u8, refused ? 1u : 0u);
        return refused && goesOn;
    }
}
