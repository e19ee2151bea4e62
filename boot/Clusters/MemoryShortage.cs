namespace Skerry.Boot.Clusters;

/// <summary>Why the boot CPU's cluster has no place for its kernel: both in bytes, of one piece of memory.</summary>
public struct MemoryShortage
{
    /// <summary>Of the piece that came nearest.</summary>
    public ulong Length;

    /// <summary>That it should have had.</summary>
    public ulong Needed;
}
