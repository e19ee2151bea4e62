using Skerry.Base.Rpc;

namespace Skerry.Base.Channels;

/// <summary>Calls an object of another cluster through a hub.</summary>
/// <param name="hub">Used by the calling thread alone.</param>
/// <param name="peer">Index of the cluster.</param>
/// <param name="remoteObject">What names the object there; the server finds it as the request's badge.</param>
// Safety: the hub stays where it is.
public readonly unsafe struct ChannelTransport<TDoorbell, THost>(
    ChannelHub<TDoorbell, THost>* hub,
    int peer,
    ulong remoteObject
) : IRpcTransport
    where TDoorbell : unmanaged, IDoorbell
    where THost : unmanaged, IChannelHost
{
    public RpcStatus Call(ref RpcMessage message, int capabilitiesExpected) =>
        hub->Call(peer, remoteObject, ref message);
}
