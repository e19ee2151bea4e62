namespace Skerry.Tests.Image;

/// <summary>
/// The longest paths of the fastpath, in instructions. They may be lowered without a word; whoever raises one says here
/// what the further instructions are for.
/// </summary>
/// <remarks>
/// One instruction of each path tells the scheduling context who runs on it now. To find that out along the calls instead
/// is not possible while other CPUs make and answer them.
/// </remarks>
internal static class FastpathBounds
{
    /// <summary>Of FastpathCall, to its return.</summary>
    public const int Call = 65;

    /// <summary>Of FastpathReplyRecv, to its return.</summary>
    public const int ReplyRecv = 78;

    /// <summary>
    /// From SYSCALL to SYSRET, the longer of the two, with the sixteen instructions that clear vector registers where
    /// there is no AVX.
    /// </summary>
    public const int ThroughKernel = 148;
}
