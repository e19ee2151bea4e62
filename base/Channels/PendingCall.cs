using Skerry.Base.Rpc;

namespace Skerry.Base.Channels;

/// <summary>A call that waits for its reply; it lies on the caller's stack.</summary>
public unsafe struct PendingCall
{
    public uint Call;
    public int Peer;
    public bool IsDone;

    /// <summary>Where the reply goes.</summary>
    public RpcMessage* Reply;
    public PendingCall* Next;
}
