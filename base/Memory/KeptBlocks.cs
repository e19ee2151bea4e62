namespace Skerry.Base.Memory;

/// <summary>
/// Blocks that somebody was started with, between his end and his next start: others, who pay for pieces of memory as they
/// like, could leave none of that size. The allocator's lock protects them.
/// </summary>
public unsafe struct KeptBlocks
{
    internal UntypedBlock* First;
}
