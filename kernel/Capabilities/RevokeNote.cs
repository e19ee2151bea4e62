using Skerry.Abi;
using Skerry.Kernel.Objects;

namespace Skerry.Kernel.Capabilities;

/// <summary>
/// A revoke of one of a CPU's threads that has given way before its end (<see cref="Revocation"/>). Under the cluster lock.
/// </summary>
internal unsafe struct RevokeNote
{
    /// <summary>The thread that makes the call again and again; null: none is noted.</summary>
    public Thread* Revoker;

    /// <summary>Whose children it takes away.</summary>
    public Capability* Revoked;

    /// <summary>Of that slot when it was noted: it may hold something else by now.</summary>
    public ulong Word;

    /// <summary>The next of those that are noted, of whatever CPU.</summary>
    public RevokeNote* Following;

    /// <summary>Time-stamp counter when it was noted first.</summary>
    public ulong NotedAt;

    /// <summary>Whose revoke is the next to be noted, as it has waited longest for that; or null.</summary>
    public Thread* Next;

    /// <summary>Time-stamp counter when that one was last called.</summary>
    public ulong NextCalledAt;

    /// <summary>In the order in which revokes were noted in the cluster, from 1 on.</summary>
    public ulong Number;

    /// <summary>Since when the next one waits: in the order in which they began to.</summary>
    public ulong NextSince;
}
