using Skerry.Base.Rpc;

namespace Skerry.Apps.Ping;

/// <summary>The demo's service: a server that answers, so that the way there and back can be measured.</summary>
[RpcInterface]
public interface IPing
{
    /// <summary>The value plus one.</summary>
    PingResult Increment(ulong value, out ulong result);
}

/// <summary>What came of a call.</summary>
public enum PingResult : ulong
{
    Ok = 0,

    /// <summary>The call itself failed: there is no server at the other end.</summary>
    CallFailed = ulong.MaxValue,
}
