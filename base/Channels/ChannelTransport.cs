using System.Runtime.CompilerServices;
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

    [SkipLocalsInit]
    public RpcStatus CallWords(RpcLabel label, int length, ref RpcWords words, int replyLength)
    {
        RpcMessage message;
        RpcMessage* request = &message;
        request->Label = label;
        request->Length = length;
        request->CapabilityCount = 0;
        request->Words[0] = words.Word0;
        request->Words[1] = words.Word1;
        request->Words[2] = words.Word2;
        request->Words[3] = words.Word3;
        RpcStatus status = hub->Call(peer, remoteObject, ref *request);
        if (status == RpcStatus.Ok && request->Length != replyLength)
        {
            return RpcStatus.BadMessage;
        }
        words.Word0 = request->Words[0];
        words.Word1 = request->Words[1];
        words.Word2 = request->Words[2];
        words.Word3 = request->Words[3];
        return status;
    }
}
