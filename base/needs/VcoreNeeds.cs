namespace Skerry.Base.Needs;

/// <summary>What an instance of a vcore costs its cluster besides the memory that its configuration names.</summary>
public static class VcoreNeeds
{
    /// <summary>
    /// Its image and stack, its capability table of 512 KiB, its address space, and what core knows of it. In bytes.
    /// </summary>
    public const ulong Ram = (1152 + 32) * 1024;

    /// <summary>What core knows of the sessions that it may have on one CPU.</summary>
    private const ulong SessionBytesPerCpu = 20 * 1024;

    /// <summary>The largest piece that it claims at once, as a power of two.</summary>
    public const int LargestBits = 26;

    /// <summary>Bytes that it is given for itself.</summary>
    /// <param name="cpus">That it has in the cluster.</param>
    /// <param name="claimed">Bytes that the configuration names.</param>
    public static ulong Bytes(uint cpus, ulong claimed) =>
        Ram + cpus * SessionBytesPerCpu + Server(cpus, claimed).OwnBytes;

    /// <inheritdoc cref="Bytes"/>
    public static ServerNeeds Server(uint cpus, ulong claimed)
    {
        const ulong largest = 1ul << LargestBits;
        return ServerNeeds.OfVcore(cpus, claimed < largest ? claimed : largest);
    }
}
