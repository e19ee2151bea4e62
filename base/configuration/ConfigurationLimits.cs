namespace Skerry.Base.Configuration;

/// <summary>The largest configuration that can be written and read. The host refuses more, with file and line.</summary>
public static class ConfigurationLimits
{
    /// <summary>Bytes of UTF-8 in a name of a vcore, child, channel, service or binary.</summary>
    public const int NameBytes = 31;

    /// <summary>Bytes of UTF-8 in a child's arguments or in a route's label.</summary>
    public const int TextBytes = 255;

    public const int Vcores = 64;

    /// <summary>Children of core and of all vcores together.</summary>
    public const int Children = 256;

    /// <summary>CPU, cluster or node numbers that all vcores name together.</summary>
    public const int Identifiers = 1024;

    /// <summary>Memory entries of all vcores together.</summary>
    public const int MemoryRanges = 256;

    public const int Services = 512;

    public const int Routes = 1024;

    public const int Channels = 128;

    /// <summary>Slots of one channel, a power of two; a slot is one 64-byte message.</summary>
    public const uint ChannelSlots = 4096;

    public const uint Priority = 255;

    /// <summary>How often one child is started again.</summary>
    public const uint Restarts = 1_000_000;

    /// <summary>
    /// The largest size and start of a memory entry, in bytes: what a processor can address (52 bits). So no sum of sizes
    /// overflows.
    /// </summary>
    public const ulong MemoryBytes = 1ul << 52;

    /// <summary>Bytes of a whole configuration: every table at its largest, and the strings they name.</summary>
    public const uint ImageBytes = 1 << 20;
}
