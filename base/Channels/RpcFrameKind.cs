namespace Skerry.Base.Channels;

/// <summary>What a slot on a channel that carries RPC holds.</summary>
public enum RpcFrameKind
{
    None = 0,
    Request = 1,
    Reply = 2,

    /// <summary>More words of the message that the slots before began.</summary>
    Continuation = 3,
}
