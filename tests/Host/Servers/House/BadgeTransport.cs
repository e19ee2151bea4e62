using Skerry.Base.Kernel;
using Skerry.Base.Rpc;
using Skerry.Base.Servers.Services;

namespace Skerry.Tests.Host.Servers.House;

/// <summary>
/// What generated clients of several threads call through: the object with a badge, at the entrypoint of a CPU. Capabilities
/// are the server's own objects on both ways.
/// </summary>
internal readonly unsafe struct BadgeTransport(ServerHouse house, LockedKernel kernel, uint cpu, ulong badge)
    : IRpcTransport
{
    public RpcStatus Call(ref RpcMessage message, int capabilitiesExpected)
    {
        uint mask = 0;
        for (int i = 0; i < message.CapabilityCount; i++)
        {
            mask |= message.Capabilities[i].IsNone ? 0 : 1u << i;
        }
        message.Label = message.Label.WithCapabilities(mask);
        message.Badge = badge;
        var reply = new RpcMessage();
        _ = new MessageWriter(ref reply, RpcLabel.Reply(RpcStatus.UnknownMethod));
        new SessionEntrypoint(house.Server, cpu).Handle(ref message, ref reply);
        house.BeforeReply?.Invoke(RpcMessage.CapabilityAt(ref reply, 0).Slot);
        for (int i = 0; i < reply.CapabilityCount; i++)
        {
            Capability sent = reply.Capabilities[i];
            bool isGone = sent.IsNone || house.Kernel.At(LedgerKernel.OwnTable, sent.Slot.Value) == null;
            reply.Capabilities[i] = isGone ? Capability.None : kernel.Unwrapped(sent.Slot);
        }
        message = reply;
        return (RpcStatus)message.Label.Method;
    }

    public RpcStatus CallWords(RpcLabel label, int length, ref RpcWords words, int replyLength) =>
        WordCalls.Through(this, label, length, ref words, replyLength);
}
