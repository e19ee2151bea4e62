using System;
using Skerry.Base.Kernel;
using Skerry.Base.Rpc;

namespace Skerry.Apps.KernelTests;

/// <summary>Serves <see cref="IRpcTest"/>.</summary>
internal struct RpcServer : IMessageHandler, IRpcTest
{
    private CapabilitySlot _given;

    public bool Handle(ref RpcMessage request, ref RpcMessage reply)
    {
        RpcTestDispatch.Dispatch(ref this, ref request, ref reply);
        return true;
    }

    public RpcTestResult Add(ulong first, ulong second, out ulong sum)
    {
        sum = first + second;
        return RpcTestResult.Ok;
    }

    public RpcTestResult Reverse(ReadOnlySpan<byte> text, Span<byte> reversed)
    {
        for (int i = 0; i < text.Length && i < reversed.Length; i++)
        {
            reversed[i] = text[text.Length - 1 - i];
        }
        return RpcTestResult.Ok;
    }

    public RpcTestResult Exchange(
        Capability own,
        ulong badge,
        NotificationCapability given,
        out NotificationCapability back
    )
    {
        // What goes out with a reply must stay in its slot until then: the one before can go now.
        CapabilitySlots.Release(_given);
        _given = given.Slot;
        back = given;
        return own.Badge == badge && !given.Slot.IsNull ? RpcTestResult.Ok : RpcTestResult.WrongCapability;
    }
}
