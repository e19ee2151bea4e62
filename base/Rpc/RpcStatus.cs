namespace Skerry.Base.Rpc;

/// <summary>Whether a call took place; what it came to is the method's own result.</summary>
public enum RpcStatus : uint
{
    Ok = 0,

    /// <summary>The object does not serve this interface or this method of it.</summary>
    UnknownMethod = 1,

    /// <summary>The message does not hold what the method takes or gives, nor more.</summary>
    BadMessage = 2,

    /// <summary>
    /// The transport could not carry it: no such capability, no room, the server went away. A server answers so itself if it
    /// has no room for the capabilities that came with the request; nothing was called.
    /// </summary>
    NotDelivered = 3,
}
