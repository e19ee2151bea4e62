namespace Skerry.Tests.Boot;

/// <summary>
/// The most instructions that paths of the kernel may take, user level's part included, as counted by QEMU. They may be
/// lowered without a word; whoever raises one says here what the further instructions are for.
/// </summary>
internal static class InstructionBounds
{
    /// <summary>
    /// A call and its answer between two address spaces of one CPU. 366 until a message could carry the kernel's mark.
    /// </summary>
    public const int CallRoundTrip = 368;

    /// <summary>
    /// From the touch of a fresh page through the pager's answer with a mapping back to the faulter. 1296 until the
    /// kernel marked its own messages, so that no component can send one that looks like a fault. 1311 until lent time was
    /// accounted exactly: who holds a context, and which list a thread stands in, are kept up to date as they move.
    /// </summary>
    public const int FaultMapResume = 1409;
}
