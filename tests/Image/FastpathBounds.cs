namespace Skerry.Tests.Image;

/// <summary>
/// The longest paths of the fastpath, in instructions. They may be lowered without a word; whoever raises one says here
/// what the further instructions are for.
/// </summary>
internal static class FastpathBounds
{
    /// <summary>Of Fastpath.Call, to its return, with a queue of several receivers.</summary>
    public const int Call = 38;

    /// <summary>Of Fastpath.ReplyRecv, to its return.</summary>
    public const int ReplyRecv = 31;

    /// <summary>Of Faults.DeliverToWaiting, to its return, with several pagers waiting.</summary>
    public const int Fault = 41;

    /// <summary>Of the system calls that come back to the same thread.</summary>
    // One instruction each counts them.
    public const int Signal = 67;
    public const int Poll = 26;
    public const int Wait = 73;
    public const int NBSend = 19;

    /// <summary>
    /// Of what is asked when the fastpath has declined; these account for time. SignalBetter was 68 until it shared its end with
    /// the interrupts. ReplyRecvActive was 74 until the mark of a Reply object said that it does not vouch, and is taken off.
    /// </summary>
    public const int CallActive = 70;
    public const int ReplyRecvActive = 75;
    public const int SignalBetter = 69;

    /// <summary>Of FastpathAnswerFault, to its return.</summary>
    public const int AnswerFault = 36;

    /// <summary>
    /// Of FastInterrupts, of which the timer sets itself anew. A budget that comes back is not asked again whether it owes more than
    /// itself, which Timer has asked: that question's other answer is a call, and was a third of the path.
    /// </summary>
    public const int Interrupt = 113;
    public const int Timer = 113;

    /// <summary>
    /// Of FastpathRetype, which works under the cluster lock. One more than it was, for the base that links count from, which
    /// is no constant any more; two for the question whether a revoke is under way.
    /// </summary>
    public const int Retype = 137;

    /// <summary>From SYSCALL to SYSRET with a Call or ReplyRecv of four words, the longer.</summary>
    public const int ThroughKernel = 72;

    /// <summary>With the sixteen instructions that clear vector registers where there is no AVX.</summary>
    public const int ThroughKernelWithoutAvx = 87;

    /// <summary>Lines of 64 bytes of code from SYSCALL to SYSRET.</summary>
    public const int CallCodeLines = 7;
    public const int ReplyRecvCodeLines = 7;

    /// <summary>The same through the traced doors: what is remembered at the entry, and the writing of a record.</summary>
    public const int ThroughKernelTraced = 227;
    public const int ThroughKernelWithoutAvxTraced = 242;

    /// <summary>
    /// With the two loads of CR3 and the barriers, of which 32 fill the return stack buffer, and after an interrupt 15 clear
    /// what it left.
    /// </summary>
    public const int ThroughKernelMitigated = 132;
}
