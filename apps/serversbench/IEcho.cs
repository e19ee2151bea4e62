using System;
using Skerry.Base.Kernel;
using Skerry.Base.Rpc;

namespace Skerry.Apps.ServersBench;

/// <summary>What the measured calls ask for: nothing, or bytes there and back.</summary>
[RpcInterface]
public interface IEcho
{
    /// <summary>The most bytes that one message carries each way; a message holds 64 words.</summary>
    public const int MaximumBytes = 344;

    /// <summary>Nothing but the way there and back.</summary>
    EchoResult Nothing();

    /// <summary>The same bytes.</summary>
    EchoResult Bytes(
        [MaximumLength(MaximumBytes)] ReadOnlySpan<byte> bytes,
        [MaximumLength(MaximumBytes)] Span<byte> echo
    );

    /// <summary>What an assembled server is called by, which does nothing at user level.</summary>
    EchoResult Raw(out EndpointCapability raw);
}

/// <summary>What came of a call.</summary>
public enum EchoResult : ulong
{
    Ok = 0,

    /// <summary>The service could not make what was asked for.</summary>
    OutOfResources = 1,

    /// <summary>The call itself failed: there is no server at the other end.</summary>
    CallFailed = ulong.MaxValue,
}
