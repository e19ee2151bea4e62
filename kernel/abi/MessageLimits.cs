namespace Skerry.Abi;

/// <summary>Sizes of messages.</summary>
public static class MessageLimits
{
    /// <summary>Words that travel in registers.</summary>
    public const int RegisterWords = 4;

    /// <summary>Words of the longest message; all beyond the fourth travel through the message buffers.</summary>
    public const int MaximumWords = 64;

    /// <summary>Capabilities that one message can transfer.</summary>
    public const int MaximumCapabilities = 3;
}
