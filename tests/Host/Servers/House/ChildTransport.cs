using System.Collections.Generic;
using Skerry.Base.Kernel;
using Skerry.Base.Rpc;
using Skerry.Base.Sessions;

namespace Skerry.Tests.Host.Servers.House;

/// <summary>What generated clients call through: a slot of a child's table. A call that is held answers NotDelivered.</summary>
internal readonly struct ChildTransport(int child, uint target) : IRpcTransport
{
    /// <summary>Of the running test; there is one at a time.</summary>
    public static ServerHouse? House { get; set; }

    /// <summary>Calls that nobody held and that were not answered with Ok.</summary>
    public static int Refused { get; set; }

    /// <summary>Methods that were carried out, by interface and number.</summary>
    public static HashSet<(uint Interface, uint Method)> Done { get; } = [];

    public static ChildTransport To(int child, CapabilitySlot slot) => new(child, slot.Value);

    public RpcStatus Call(ref RpcMessage message, int capabilitiesExpected)
    {
        RpcLabel label = message.Label;
        RpcStatus status = Delivery.Call(House!, child, target, ref message, out bool isHeld);
        bool isOk = status == RpcStatus.Ok && message.Words[ResultOf(label, in message)] == 0;
        Refused += isHeld || isOk ? 0 : 1;
        if (isHeld || isOk)
        {
            Done.Add((label.Interface, label.Method));
        }
        return status;
    }

    public RpcStatus CallWords(RpcLabel label, int length, ref RpcWords words, int replyLength) =>
        WordCalls.Through(this, label, length, ref words, replyLength);

    /// <summary>Of the one method whose reply has something ahead of its result: two buffers, as large as they may be.</summary>
    private static int ResultOf(RpcLabel label, in RpcMessage reply)
    {
        bool isNext = label is { Interface: ParentMethods.InterfaceHash, Method: ParentMethods.NextRequest };
        int behind = (System.Runtime.CompilerServices.Unsafe.SizeOf<SessionRequest>() + 7) / 8 + 1;
        return isNext ? reply.Length - behind : 0;
    }
}
