namespace Skerry.Base.Memory;

/// <summary>Which resource was used up.</summary>
internal enum ShortageKind : byte
{
    /// <summary>The server's own records or slots.</summary>
    Records,

    /// <summary>The component's RAM.</summary>
    Quota,
    CapabilityQuota,

    /// <summary>What the server has to give.</summary>
    ServerMemory,
    ServerCapabilities,

    /// <summary>Memory in one piece.</summary>
    Piece,
}
