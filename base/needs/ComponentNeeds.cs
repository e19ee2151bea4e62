namespace Skerry.Base.Needs;

/// <summary>What every component is given at least.</summary>
public static class ComponentNeeds
{
    /// <summary>Capabilities: one for each piece of memory that it starts with, or has; the library counts on so many.</summary>
    public const uint Capabilities = 64;

    /// <summary>For its image, its heap, its stacks and what it attaches, which lie apart from one another.</summary>
    private const ulong FirstPageTables = 16;

    /// <summary>Bytes that one page table maps.</summary>
    private const ulong MappedByOne = 2 << 20;

    /// <summary>
    /// Capabilities that it is given besides those that its configuration names: each page table of its costs one, and who uses
    /// its memory at addresses that follow one another needs no more.
    /// </summary>
    /// <param name="ram">Its quota, in bytes.</param>
    public static ulong PageTables(ulong ram) => FirstPageTables + ram / MappedByOne;

    /// <summary>Places for sessions that it opens, and has not closed.</summary>
    public const int Sessions = 64;

    /// <summary>Pages of what its parent knows of it, when it starts.</summary>
    public const uint RecordPages = 2;
}
