namespace Skerry.Base.Rpc;

/// <summary>
/// What carries a request to a server and its reply back: kernel IPC inside a cluster, a channel between clusters. A
/// generated client works with either and does not know which it has.
/// </summary>
public interface IRpcTransport
{
    /// <summary>
    /// Replaces the request by its reply. Anything but Ok leaves nothing of use in the message.
    /// </summary>
    /// <param name="message">The request, then the reply.</param>
    /// <param name="capabilitiesExpected">Most capabilities that the reply may bring.</param>
    RpcStatus Call(ref RpcMessage message, int capabilitiesExpected);

    /// <summary>
    /// The same for a request and a reply of at most four words and no capabilities.
    /// </summary>
    /// <param name="label">Of the request.</param>
    /// <param name="length">Words of the request.</param>
    /// <param name="words">The request, then the reply.</param>
    /// <param name="replyLength">Words that the reply must have; any other length is BadMessage.</param>
    RpcStatus CallWords(RpcLabel label, int length, ref RpcWords words, int replyLength);
}
