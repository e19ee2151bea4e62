using System;
using Skerry.Base.Kernel;
using Skerry.Base.Rpc;

namespace Skerry.Apps.KernelTests;

/// <summary>What a call of <see cref="IRpcTest"/> came to.</summary>
public enum RpcTestResult : uint
{
    Ok = 0,
    CallFailed = 1,
    WrongCapability = 2,
}

/// <summary>One method for each way that arguments travel: in registers, in message buffers, as capabilities.</summary>
[RpcInterface]
public interface IRpcTest
{
    RpcTestResult Add(ulong first, ulong second, out ulong sum);

    RpcTestResult Reverse([MaximumLength(400)] ReadOnlySpan<byte> text, [MaximumLength(400)] Span<byte> reversed);

    /// <summary>The first is to arrive as the server's own object of this badge, the second in a slot; it comes back.</summary>
    RpcTestResult Exchange(Capability own, ulong badge, NotificationCapability given, out NotificationCapability back);
}
