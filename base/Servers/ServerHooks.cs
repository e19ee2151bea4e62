using System;
using Skerry.Base.Kernel;
using Skerry.Base.Servers.Components;
using Skerry.Base.Servers.Services;
using Skerry.Base.Sessions;

namespace Skerry.Base.Servers;

/// <summary>What core and a vcore do differently.</summary>
public unsafe struct ServerHooks
{
    /// <summary>Prints a whole line of the server's own, line feed included; waits until it can.</summary>
    public delegate* <ReadOnlySpan<byte>, void> Print;

    /// <summary>
    /// Prints a whole line of a client's, label and line feed included, and does not wait. Unless the answer is Ok, nothing
    /// of it is printed: Busy, it may be later; CallFailed, it will not be.
    /// </summary>
    public delegate* <ReadOnlySpan<byte>, LogResult> TryPrint;

    /// <summary>
    /// Opens a session of a service that this library does not serve, for a child, under a label with the child's name
    /// in front. The capability is passed on to the child.
    /// </summary>
    public delegate* <
        Server*,
        Child*,
        ReadOnlySpan<byte>,
        ReadOnlySpan<byte>,
        ServiceSession**,
        SessionCapability*,
        ParentResult> OpenSession;

    /// <summary>Hears that one of those sessions was closed.</summary>
    public delegate* <Server*, ServiceSession*, void> CloseSession;

    /// <summary>Carries out a request to a Channel session; null in a vcore.</summary>
    public delegate* <ServiceSession*, uint, ref Rpc.RpcMessage, ref Rpc.RpcMessage, void> ServeChannel;

    /// <summary>Asks the parent for the frame behind a foreign dataspace; called by pagers, without the service lock.</summary>
    public delegate* <Server*, uint, CapabilitySlot, ulong, Abi.FaultAccess, ForwardedFrame*, ResolveResult> Forward;
}

/// <summary>The parent's answer to a forwarded fault.</summary>
public readonly struct ForwardedFrame(CapabilitySlot frame, ulong offset, ulong pages)
{
    /// <summary>In a slot that the message filled.</summary>
    public CapabilitySlot Frame { get; } = frame;

    /// <summary>Where the page lies in it; bytes.</summary>
    public ulong Offset { get; } = offset;

    /// <summary>How many pages it has from there on.</summary>
    public ulong Pages { get; } = pages;
}
