using Skerry.Kernel.Objects;

namespace Skerry.Kernel.Capabilities;

/// <summary>
/// What a thread keeps from one call that gave way to when it is made again; nothing that a user may write. Taken by its next
/// slow system call, whatever that is (<see cref="Revocation.GiveUp"/>). Under the cluster lock.
/// </summary>
/// <remarks>
/// Three marks (<see cref="Sequence"/>). Behind them stands which call it is, as it may come to its end on a fast path, which
/// asks for nothing of this; of a revoke that is finished, the word of its slot.
/// <code>
///   63         62             42 41             21 20              0
///  +----------+-----------------+-----------------+-----------------+
///  | finished | awaited tables  |   waits since   |  newest revoke  |
///  +----------+-----------------+-----------------+-----------------+
/// </code>
/// </remarks>
internal unsafe struct CallMadeAgain
{
    private const int WaitsShift = Sequence.MarkBits;
    private const int TablesShift = 2 * Sequence.MarkBits;
    private const ulong Mark = (1ul << Sequence.MarkBits) - 1;
    private const ulong Finished = 1ul << 63;

    private ulong _marks;
    private ulong _call;

    public readonly bool IsNothing => _marks == 0;

    /// <summary>By what the thread's registers say.</summary>
    public readonly bool IsOf(Thread* caller) => (_marks & Finished) != 0 || _call == CallOf(caller);

    /// <summary>It gives way; its registers will be the same.</summary>
    public void GiveWay(Thread* caller) => _call = (_marks & Finished) != 0 ? _call : CallOf(caller);

    /// <summary>Enough to tell a call from the next one; a user who takes pains to have two alike gains nothing by it.</summary>
    private static ulong CallOf(Thread* caller) =>
        caller->Rdi ^ Rotate(caller->Info, 16) ^ Rotate(caller->Word0, 32) ^ Rotate(caller->Word1, 48);

    private static ulong Rotate(ulong word, int bits) => (word << bits) | (word >> (64 - bits));

    /// <summary>
    /// Which revoke was noted last when the call was made for the first time, if it has helped one since; later ones do not
    /// concern it.
    /// </summary>
    public uint NewestRevoke
    {
        readonly get => Get(0);
        set => Set(0, value);
    }

    /// <summary>Since when it is a revoke that waits for its place (<see cref="RevokeNote"/>).</summary>
    public uint WaitsSince
    {
        readonly get => Get(WaitsShift);
        set => Set(WaitsShift, value);
    }

    /// <summary>Up to which table it has to wait (<see cref="DyingTables"/>).</summary>
    public uint AwaitedTables
    {
        readonly get => Get(TablesShift);
        set => Set(TablesShift, value);
    }

    /// <summary>It is a revoke, and others have brought it to its end.</summary>
    /// <param name="word">Of the slot that it revokes.</param>
    public void Finish(ulong word)
    {
        _marks |= Finished;
        _call = word;
    }

    /// <summary>Whether it has come to its end, and the slot holds what it did.</summary>
    public readonly bool IsFinished(ulong word) => (_marks & Finished) != 0 && _call == word;

    private readonly uint Get(int shift) => (uint)(_marks >> shift & Mark);

    private void Set(int shift, uint mark) => _marks = (_marks & ~(Mark << shift)) | ((ulong)mark << shift);
}
