namespace Skerry.Base.Rpc;

/// <summary>How an argument travels in a request.</summary>
public enum RpcParameterKind : byte
{
    /// <summary>An integer or bool in one word.</summary>
    Integer = 0,

    /// <summary>An enum in one word.</summary>
    Enumeration = 1,

    /// <summary>The bytes of a structure in whole words.</summary>
    Structure = 2,

    /// <summary>A capability; no word.</summary>
    Capability = 3,

    /// <summary>A length in bytes, and that many bytes in whole words.</summary>
    Text = 4,

    /// <summary>One word: how many bytes the reply may bring, ahead of its result.</summary>
    Buffer = 5,
}
