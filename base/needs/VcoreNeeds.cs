namespace Skerry.Base.Needs;

/// <summary>What an instance of a vcore costs its cluster besides the memory that its configuration names.</summary>
public static class VcoreNeeds
{
    /// <summary>
    /// Its image and stack, its capability table of 512 KiB, its address space, and what core knows of it. In bytes.
    /// </summary>
    public const ulong Ram = (1152 + 32) * 1024;

    /// <summary>What core knows of one of its sessions.</summary>
    private const ulong BytesPerSession = 320;

    /// <summary>Sessions of its own besides that of each CPU: its configuration, the program that it reads, and some to spare.</summary>
    private const uint OwnSessions = 8;

    /// <summary>Children that can use up all their places at core at a time; more of them share these.</summary>
    private const uint ChildrenAtOnce = 64;

    /// <summary>The largest piece that it claims at once, as a power of two.</summary>
    public const int LargestBits = 26;

    /// <summary>Places that it has for sessions at core: for its own, and for those that core serves to its children.</summary>
    /// <inheritdoc cref="Bytes"/>
    public static uint Sessions(uint cpus, uint children) =>
        OwnSessions + cpus + (children < ChildrenAtOnce ? children : ChildrenAtOnce) * ComponentNeeds.Sessions;

    /// <summary>Capabilities that its children are given for page tables, and as many for itself.</summary>
    /// <inheritdoc cref="Bytes"/>
    public static ulong PageTables(uint children, ulong claimed) =>
        ComponentNeeds.PageTables(claimed) + children * ComponentNeeds.PageTables(0);

    /// <summary>Bytes that it is given for itself.</summary>
    /// <param name="cpus">That it has in the cluster.</param>
    /// <param name="children">Of the vcore, in all its instances.</param>
    /// <param name="claimed">Bytes that the configuration names.</param>
    public static ulong Bytes(uint cpus, uint children, ulong claimed) =>
        Ram + Sessions(cpus, children) * BytesPerSession + Server(cpus, claimed).OwnBytes;

    /// <inheritdoc cref="Bytes"/>
    public static ServerNeeds Server(uint cpus, ulong claimed)
    {
        const ulong largest = 1ul << LargestBits;
        return ServerNeeds.OfVcore(cpus, claimed < largest ? claimed : largest);
    }
}
