namespace Skerry.Apps.KernelFuzz;

/// <summary>
/// A few calls that belong together, since random ones seldom meet: somebody serves, somebody calls, somebody else takes
/// away what the two share. The numbers stand in the run's lines.
/// </summary>
internal enum Scene : uint
{
    /// <summary>Receives, and answers in random ways; now and then with a call of its own in between.</summary>
    Serve,

    /// <summary>The answers of a server that came through.</summary>
    Answer,
    Call,

    /// <summary>More words than registers, up to all.</summary>
    LongCall,
    CapabilityCall,

    /// <summary>A call by a server that has a caller to answer: what was lent is lent on.</summary>
    NestedCall,

    /// <summary>A server that waits loses its own time, and runs on what is lent from then on.</summary>
    MakePassive,

    /// <summary>A caller's context is configured anew, or taken from it, while it is lent.</summary>
    TakeLent,

    /// <summary>One system call, an exception after each instruction.</summary>
    SingleStep,

    /// <summary>On a word that the thread itself reads and changes, by locked instructions too.</summary>
    Breakpoint,

    /// <summary>A message buffer is taken away from all who use it.</summary>
    RevokeBuffer,

    /// <summary>x87 and vector registers across page faults and whatever else interrupts.</summary>
    HoldState,
    Count,
}
