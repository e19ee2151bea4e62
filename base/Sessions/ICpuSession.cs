using System;
using Skerry.Base.Rpc;

namespace Skerry.Base.Sessions;

/// <summary>Makes threads on the CPUs of an affinity space.</summary>
[RpcInterface]
public interface ICpuSession
{
    public const int MaximumName = 32;

    /// <summary>
    /// A thread of a PD, not yet started.
    /// </summary>
    /// <param name="pd">Whose.</param>
    /// <param name="name">For reports.</param>
    /// <param name="affinity">Its CPU: the first of the location.</param>
    /// <param name="priority">0 to 63 within the session's own range, 63 the highest.</param>
    /// <param name="messageBuffer">
    /// The page of its message buffer: a virtual address in the PD at which RAM is attached. 0 for a thread that neither
    /// sends nor receives more than four words and no capabilities.
    /// </param>
    /// <param name="thread">The thread.</param>
    ThreadResult CreateThread(
        PdSessionCapability pd,
        [MaximumLength(MaximumName)] ReadOnlySpan<byte> name,
        Affinity affinity,
        uint priority,
        ulong messageBuffer,
        out CpuThreadCapability thread
    );

    ThreadResult DestroyThread(CpuThreadCapability thread);

    /// <summary>The session's space, seen from itself: X is 0.</summary>
    ThreadResult AffinitySpace(out Affinity space);
}
