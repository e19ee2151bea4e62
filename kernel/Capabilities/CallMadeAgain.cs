using Skerry.Kernel.Objects;

namespace Skerry.Kernel.Capabilities;

/// <summary>
/// What a thread keeps from one call that gave way to when it is made again; nothing that a user may write. Taken by its next
/// slow system call, whatever that is (<see cref="Revocation.GiveUp"/>). Under the cluster lock.
/// </summary>
/// <remarks>
/// Numbers are given in turn, from 1 on, in 64 bits: none comes twice.
/// </remarks>
internal unsafe struct CallMadeAgain
{
    /// <summary>
    /// Which revoke was noted last when the call was made for the first time, if it has helped one since; later ones do not
    /// concern it.
    /// </summary>
    public ulong NewestRevoke;

    /// <summary>Since when it is a revoke that waits for its place (<see cref="RevokeNote"/>).</summary>
    public ulong WaitsSince;

    /// <summary>How many tables must be gone for it to end (<see cref="DyingTables"/>), when it has taken everything.</summary>
    public ulong AwaitedTables;

    /// <summary>
    /// How many tables had come with the last that it has put aside, or others have for it, before it was at its end or its
    /// thread was stopped; 0: it has none.
    /// </summary>
    public ulong TablesPutAside;

    /// <summary>It is a revoke, and others have brought it to its end. Not 0: the word of the slot that it revokes.</summary>
    private ulong _finished;

    /// <summary>Which call it is, as it may come to its end on a fast path, which asks for nothing of this.</summary>
    private ulong _call;

    public readonly bool IsNothing => (NewestRevoke | WaitsSince | AwaitedTables | TablesPutAside | _finished) == 0;

    /// <summary>
    /// Whether it is of the call that the thread makes now, as its registers say. A revoke that others have finished is known by
    /// its slot's word instead (<see cref="IsFinished"/>).
    /// </summary>
    public readonly bool IsOf(Thread* caller) => _finished != 0 || _call == CallOf(caller);

    /// <summary>It gives way; its registers will be the same.</summary>
    public void GiveWay(Thread* caller) => _call = CallOf(caller);

    /// <summary>
    /// Its thread is stopped, and does not wait for what others do. If it makes the call once more, it is asked anew what is
    /// left to do, and nothing would say that it was this call which has put tables aside.
    /// </summary>
    public void Stop()
    {
        ulong tables = AwaitedTables > TablesPutAside ? AwaitedTables : TablesPutAside;
        ulong call = _call;
        this = default;
        TablesPutAside = tables;
        _call = call;
    }

    /// <summary>Whether a thread that is stopped may keep it.</summary>
    public readonly bool IsStopped => (NewestRevoke | WaitsSince | AwaitedTables | _finished) == 0;

    /// <summary>
    /// Enough to tell a call from the next one. Who takes pains to have two alike, the first of which ended on a fast path, has
    /// one call that no revoke concerns (docs/decisions/0065).
    /// </summary>
    private static ulong CallOf(Thread* caller) =>
        caller->Rdi ^ Rotate(caller->Info, 16) ^ Rotate(caller->Word0, 32) ^ Rotate(caller->Word1, 48);

    private static ulong Rotate(ulong word, int bits) => (word << bits) | (word >> (64 - bits));

    /// <summary>It is a revoke, and others have brought it to its end.</summary>
    /// <param name="word">Of the slot that it revokes.</param>
    public void Finish(ulong word) => _finished = word;

    /// <summary>Whether it has come to its end, and the slot holds what it did.</summary>
    public readonly bool IsFinished(ulong word) => _finished != 0 && _finished == word;
}
