namespace Skerry.Stubs.Assembly;

/// <summary>Where, at an instruction of a stub, the address lies at which its caller goes on.</summary>
internal enum CallerPlace
{
    /// <summary>Nowhere that is known: a backtrace ends here.</summary>
    Unknown,

    /// <summary>A call put it on the stack.</summary>
    Stack,

    /// <summary>In the frame that the processor pushed for an exception or interrupt.</summary>
    HardwareFrame,

    /// <summary>The same, seen from the border (FrameBorder): the frame is where rsp is.</summary>
    BehindHardwareFrame,

    /// <summary>In rcx, where SYSCALL puts it; rsp is still, or again, user mode's.</summary>
    Registers,

    /// <summary>In the current thread's object. rsp leads to it: a word that names the CPU's block ends its stack.</summary>
    Thread,

    /// <summary>The same, seen from the border: the word is where rsp is.</summary>
    BehindThread,
}
