using Skerry.Base.Rpc;

namespace Skerry.Tests.Host.Servers.House;

/// <summary>Calls of four words at most, for transports that know whole messages alone.</summary>
internal static class WordCalls
{
    public static RpcStatus Through<TTransport>(
        TTransport transport,
        RpcLabel label,
        int length,
        ref RpcWords words,
        int replyLength
    )
        where TTransport : struct, IRpcTransport
    {
        var message = new RpcMessage { Registers = words.Registers };
        message.Begin(label, length, 0);
        RpcStatus status = transport.Call(ref message, 0);
        words.Registers = message.Registers;
        return status == RpcStatus.Ok && message.Length != replyLength ? RpcStatus.BadMessage : status;
    }
}
