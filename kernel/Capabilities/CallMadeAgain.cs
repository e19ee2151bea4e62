namespace Skerry.Kernel.Capabilities;

/// <summary>
/// What a thread keeps from one call that gave way to when it is made again; nothing that a user may write. Taken by its next
/// slow system call, whatever that is (<see cref="Revocation.GiveUp"/>). Under the cluster lock.
/// </summary>
/// <remarks>
/// <code>
///   63          62                    32 31                           0
///  +----------+------------------------+-------------------------------+
///  | finished |     awaited tables     |         newest revoke         |
///  +----------+------------------------+-------------------------------+
/// </code>
/// </remarks>
internal struct CallMadeAgain
{
    private const int TablesShift = 32;
    private const ulong Finished = 1ul << 63;
    private const ulong Tables = ~Finished >> TablesShift << TablesShift;

    private ulong _word;

    public readonly bool IsNothing => _word == 0;

    /// <summary>
    /// The number of the revoke that was noted last when the call was made for the first time, if it has helped one since; later
    /// ones do not concern it. 0: it has helped none.
    /// </summary>
    public uint NewestRevoke
    {
        readonly get => (uint)_word;
        set => _word = (_word & ~(ulong)uint.MaxValue) | value;
    }

    /// <summary>Up to which table it has to wait (<see cref="DyingTables"/>); 0: for none.</summary>
    public uint AwaitedTables
    {
        readonly get => (uint)((_word & Tables) >> TablesShift);
        set => _word = (_word & ~Tables) | ((ulong)value << TablesShift);
    }

    /// <summary>It was a revoke, and others have brought it to its end.</summary>
    public bool RevokeIsFinished
    {
        readonly get => (_word & Finished) != 0;
        set => _word = value ? _word | Finished : _word & ~Finished;
    }
}
