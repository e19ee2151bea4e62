namespace Skerry.Base.Rpc;

/// <summary>What an <see cref="Entrypoint"/> does with the messages it receives.</summary>
public interface IMessageHandler
{
    /// <summary>
    /// Called for every message: requests, faults and notifications, told apart by label and badge. The capabilities in
    /// the request's slots belong to the handler if the reply's status is Ok, and are deleted otherwise.
    /// </summary>
    /// <returns>Whether to send the reply. If not, the handler has put the caller's Reply object aside.</returns>
    bool Handle(ref RpcMessage request, ref RpcMessage reply);
}
