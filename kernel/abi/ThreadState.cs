namespace Skerry.Abi;

/// <summary>What a thread does, as ReadRegisters tells it.</summary>
public enum ThreadState : byte
{
    /// <summary>Never started, or suspended.</summary>
    Inactive = 0,
    Running = 1,
    Ready = 2,
    Sending = 3,
    Receiving = 4,
    AwaitingReply = 5,
    Waiting = 6,

    /// <summary>It faulted, and nobody has answered yet.</summary>
    Faulted = 7,
}
