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
    // One instruction each counts them. Signal was 67, Poll 26 and Wait 73 until the short way was that of a notification whose
    // word says that all is plain, and of a thread that stands in no list. The longest ways are now the others: one of several
    // waiters who is better than the foremost thread, which goes into a list; bits that are there; a thread out of a list.
    public const int Signal = 77;
    public const int Poll = 27;
    public const int Wait = 74;
    public const int NBSend = 19;

    /// <summary>
    /// Of what is asked when the fastpath has declined; these account for time. SignalBetter was 68 until it shared its end with
    /// the interrupts, and 69 until the foremost thread stood in no list, to which he goes back if the caller comes before him.
    /// ReplyRecvActive was 74 until the mark of a Reply object said that it does not vouch, and is taken off.
    /// </summary>
    public const int CallActive = 70;
    public const int ReplyRecvActive = 75;
    public const int SignalBetter = 73;

    /// <summary>Of FastpathAnswerFault, to its return.</summary>
    public const int AnswerFault = 36;

    /// <summary>
    /// Of FastInterrupts, of which the timer sets itself anew. A budget that comes back is not asked again whether it owes more than
    /// itself, which Timer has asked: that question's other answer is a call, and was a third of the path. Three and eight more
    /// for the foremost thread, as above. Fifteen for the timer of x2APIC mode, which is set by a call (DeadlineTimer); the ways
    /// of xAPIC mode are three shorter, as the trap door ends the interrupt.
    /// </summary>
    public const int Interrupt = 116;
    public const int Timer = 136;

    /// <summary>
    /// Of FastpathRetype, which works under the cluster lock. One more than it was, for the base that links count from, which
    /// is no constant any more; two for the question whether a revoke is under way; three for the bits of a notification.
    /// </summary>
    public const int Retype = 143;

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
