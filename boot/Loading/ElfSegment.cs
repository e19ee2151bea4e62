using Skerry.Abi;

namespace Skerry.Boot.Loading;

/// <summary>One PT_LOAD header: where its bytes lie in the file, and where they go.</summary>
public struct ElfSegment
{
    public ulong FileOffset;
    public ulong FileBytes;
    public ulong Address;
    public ulong MemoryBytes;
    public FrameRights Rights;

    public readonly ulong End => Address + MemoryBytes;
}
