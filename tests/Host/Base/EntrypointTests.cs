using System.Collections.Generic;
using System.Linq;
using Skerry.Base.Kernel;
using Skerry.Base.Rpc;
using Skerry.Tests.Host.Base.Doubles;
using Xunit;

namespace Skerry.Tests.Host.Base;

/// <summary>The loop of a server thread whose slots for what messages bring are used up, and free again.</summary>
[Collection("CapabilitySlots")]
public class EntrypointTests
{
    private const uint Keep = 1;
    private const uint LetGo = 2;
    private const int Window = Skerry.Abi.MessageLimits.MaximumCapabilities;

    [Fact]
    public void WhatThereIsNoRoomForIsRefusedAndWhenThereIsItArrives()
    {
        const int room = 6;
        IEnumerable<(uint, int)> messages =
        [
            .. Enumerable.Repeat((Keep, 1), room + 4),
            (LetGo, 0),
            (Keep, Window),
            (Keep, 1),
        ];
        using var kernel = new ScriptedSenders(messages);
        kernel.Install(room + Window);
        var keeper = new Keeper { Kept = [] };
        Assert.Equal(Skerry.Abi.Status.InvalidCapability, Entrypoint.Serve(ref keeper, default));
        Assert.Equal(
            [
                .. Enumerable.Repeat(RpcStatus.Ok, room),
                .. Enumerable.Repeat(RpcStatus.NotDelivered, 4),
                RpcStatus.Ok,
                RpcStatus.Ok,
                RpcStatus.Ok,
            ],
            kernel.Answers
        );
        Assert.Equal(0, keeper.Missed);
        Assert.Equal(room + Window - (Window + 1) - Window, CapabilitySlots.FreeCount);
    }

    /// <summary>Others took them before the thread came to open its window.</summary>
    [Fact]
    public void AWindowThatCouldNotBeOpenedIsOpenedWhenThereIsRoom()
    {
        using var kernel = new ScriptedSenders([(LetGo, 0), (Keep, Window)]);
        kernel.Install(2 * Window);
        var keeper = new Keeper { Kept = [] };
        while (CapabilitySlots.TryAllocate(out CapabilitySlot slot))
        {
            keeper.Kept.Add(slot);
        }
        Entrypoint.Serve(ref keeper, default);
        Assert.Equal([RpcStatus.Ok, RpcStatus.Ok], kernel.Answers);
        Assert.Equal((Window, 0), (keeper.Kept.Count, keeper.Missed));
    }

    /// <summary>Keeps each capability that it is given, and lets go of all when it is told to.</summary>
    private struct Keeper : IMessageHandler
    {
        public required List<CapabilitySlot> Kept;

        /// <summary>Requests that were to bring a capability and had none.</summary>
        public int Missed;

        public bool Handle(ref RpcMessage request, ref RpcMessage reply)
        {
            reply.Label = RpcLabel.Reply(RpcStatus.Ok);
            if (request.Label.Method == LetGo)
            {
                Kept.ForEach(CapabilitySlots.Release);
                Kept.Clear();
                return true;
            }
            int before = Kept.Count;
            for (int i = 0; i < request.CapabilityCount; i++)
            {
                if (!request.Capabilities[i].Slot.IsNull)
                {
                    Kept.Add(request.Capabilities[i].Slot);
                }
            }
            Missed += Kept.Count == before ? 1 : 0;
            return true;
        }
    }
}
