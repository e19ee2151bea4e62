using System;

namespace Skerry.Abi;

/// <summary>What is a fault of a thread only if it was asked for with Thread.SetFaults; without, it is a status or a wait.</summary>
[Flags]
public enum ThreadFaults : uint
{
    None = 0,

    /// <summary>A system call whose capability address names nothing: else InvalidCapability.</summary>
    Capability = 1 << 0,

    /// <summary>A number that is no system call: else UnknownSystemCall.</summary>
    UnknownSystemCall = 1 << 1,

    /// <summary>The budget that it runs on, or is to run on, is used up: else it waits for the refill.</summary>
    Timeout = 1 << 2,

    /// <summary>
    /// It is to run and no time will come: it has no scheduling context, as one that was lent to it is gone, or one that lost
    /// its control. A Timeout whose refill is never; else it stands still until somebody gives it time.
    /// </summary>
    NoTime = 1 << 3,

    All = Capability | UnknownSystemCall | Timeout | NoTime,
}
